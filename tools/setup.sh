#!/usr/bin/env bash
# Makes .venv in the project's root from the lock files, every download checked by its hash.
# usage: tools/setup.sh [run|test]     (test adds what the tests need)
# Does nothing when the lock files and pyproject.toml are those of the last set-up.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

what="${1:-run}"
locks=(requirements-build.lock requirements.lock)
case "$what" in
    run) ;;
    test) locks+=(requirements-test.lock) ;;
    *) echo "setup: unknown set-up '$what' (run or test)" >&2; exit 2 ;;
esac
stamp=.venv/.made-from

say() { echo "setup: $*" >&2; }

find_python() {
    local candidate
    for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            command -v "$candidate"
            return
        fi
    done
    say "no Python 3.11 or newer was found: install one (Debian 12 or newer: apt-get install python3 python3-venv) or name it: make PYTHON=..."
    return 2
}

# What the environment is made from: a changed lock file, Python or place makes it anew.
fingerprint() {
    cat requirements*.lock pyproject.toml tools/setup.sh src/glasshouse/_version.py | "$python" -c '
import hashlib, os, sys
print(hashlib.sha256(sys.stdin.buffer.read() + (os.getcwd() + sys.version).encode()).hexdigest())'
}

is_made() {
    [ -x .venv/bin/glasshouse ] && [ -f "$stamp" ] || return 1
    local made_from made_for
    read -r made_from made_for <"$stamp"
    [ "$made_from" = "$1" ] && { [ "$made_for" = "$what" ] || [ "$made_for" = test ]; }
}

# uv: the one on the path; else fetched by pip into a private folder; else into a private venv.
find_uv() {
    local home=.cache/uv
    if command -v uv; then
        return
    fi
    if [ ! -x "$home/bin/uv" ]; then
        rm -rf "$home"
        if "$python" -m pip --version >/dev/null 2>&1; then
            say "fetching uv with pip"
            "$python" -m pip install --quiet --disable-pip-version-check --root-user-action ignore \
                --require-hashes --target "$home" -r requirements-uv.lock >&2
        elif "$python" -c 'import venv, ensurepip' >/dev/null 2>&1; then
            say "fetching uv into a venv"
            "$python" -m venv "$home" >&2
            "$home/bin/python" -m pip install --quiet --disable-pip-version-check \
                --require-hashes -r requirements-uv.lock >&2
        else
            say "$python has neither pip nor venv: install one of them (Debian: apt-get install python3-venv) and try again"
            return 2
        fi
    fi
    echo "$PWD/$home/bin/uv"
}

python="$(find_python)"
print="$(fingerprint)"
if is_made "$print"; then
    exit 0
fi
uv="$(find_uv)"

say "making .venv with $("$python" --version)"
start=$SECONDS
export UV_NO_PROGRESS=1 UV_PYTHON_DOWNLOADS=never
# Without the stamp a set-up that breaks off half-way never passes for a whole one.
rm -f "$stamp"
if [ "$(.venv/bin/python --version 2>/dev/null)" != "$("$python" --version)" ]; then
    rm -rf .venv
    "$uv" venv --quiet --python "$python" .venv
fi
requirements=()
for lock in "${locks[@]}"; do
    requirements+=(--requirements "$lock")
done
# Compiled here once: otherwise every first start pays seconds for it.
"$uv" pip install --quiet --python .venv/bin/python --require-hashes --compile-bytecode "${requirements[@]}"
# All that the build needs is there by now, so this step fetches nothing.
"$uv" pip install --quiet --python .venv/bin/python --offline --no-deps --no-build-isolation --editable .
echo "$print $what" >"$stamp"
say "done in $((SECONDS - start)) s"
