#!/usr/bin/env bash
# Does any file of a stranger bring on more than one message? A minute for each kind of file, with atheris.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
.venv/bin/python -c "import atheris" 2>/dev/null || { echo "fuzz: atheris is missing: .venv/bin/python -m pip install atheris, or uv pip install --python .venv/bin/python atheris" >&2; exit 2; }
exec .venv/bin/python tools/fuzz.py 60
