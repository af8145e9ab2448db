#!/usr/bin/env bash
# Moves every value of the catalogue and of the shipped regimes by half its range; fails with the names of those that move nothing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
exec .venv/bin/python tools/alive.py
