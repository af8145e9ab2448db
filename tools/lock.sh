#!/usr/bin/env bash
# Writes the lock files anew from pyproject.toml and requirements-*.in (`make lock`).
# Pins stay where they are unless a bound moved; `tools/lock.sh --upgrade` takes the newest of everything.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

uv="$(command -v uv || echo .cache/uv/bin/uv)"
[ -x "$uv" ] || { echo "lock: uv is missing: run tools/setup.sh first" >&2; exit 2; }

# Resolved for every platform and every Python from 3.11 on; no index address is written.
compile=("$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header)
"${compile[@]}" "$@" pyproject.toml --output-file requirements.lock
"${compile[@]}" "$@" pyproject.toml --extra audits --constraint requirements.lock --output-file requirements-audits.lock
"${compile[@]}" "$@" pyproject.toml --extra knowledge --constraint requirements.lock --output-file requirements-knowledge.lock
"${compile[@]}" "$@" pyproject.toml --extra risk --constraint requirements.lock --output-file requirements-risk.lock
"${compile[@]}" "$@" pyproject.toml --extra cluster --constraint requirements.lock --output-file requirements-cluster.lock
"${compile[@]}" "$@" pyproject.toml --extra cuda --constraint requirements.lock --output-file requirements-cuda.lock
"${compile[@]}" "$@" pyproject.toml --extra test --constraint requirements.lock --output-file requirements-test.lock
"${compile[@]}" "$@" requirements-build.in --output-file requirements-build.lock
"${compile[@]}" "$@" requirements-uv.in --output-file requirements-uv.lock
