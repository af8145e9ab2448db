#!/usr/bin/env bash
# Do the tests of the rules notice small faults? Fails below 95 %. About 6 minutes of processor time; see docs/mutation.md.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
exec .venv/bin/python tools/mutate.py
