#!/usr/bin/env bash
# Compiles the engine once, so that every test and every run after it finds the compiled code on disk.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

glasshouse=.venv/bin/glasshouse
if [ ! -f src/glasshouse/cli.py ]; then
    exit 0 # nothing to compile yet
fi
start=$SECONDS
if "$glasshouse" warm --help >/dev/null 2>&1; then
    "$glasshouse" warm >&2
else
    # The smallest run that reaches all compiled code.
    folder="$(mktemp -d)"
    trap 'rm -rf "$folder"' EXIT
    "$glasshouse" run essay --citizens 2000 --days 3 --quiet --out "$folder/run" >&2
fi
echo "warm: compiled code is on disk after $((SECONDS - start)) s" >&2
