#!/usr/bin/env bash
# Sees to it that a Chromium and its driver are there for the tests marked `browser`.
# Installs Debian's packages where it may (root, apt-get); else says what to install and fails.
set -euo pipefail

is_there() {
    command -v chromedriver >/dev/null 2>&1 || return 1
    local name
    for name in chromium chromium-browser google-chrome; do
        command -v "$name" >/dev/null 2>&1 && return 0
    done
    return 1
}

if is_there; then
    exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "browser: installing chromium and chromium-driver" >&2
    export DEBIAN_FRONTEND=noninteractive
    # apt-get's many lines are worth reading only when it fails.
    if log="$( (apt-get update && apt-get install -y chromium chromium-driver) </dev/null 2>&1)" && is_there; then
        exit 0
    fi
    echo "$log" | tail -n 20 >&2
fi
echo "browser: the browser tests need chromium and chromedriver on the path: as root, apt-get install chromium chromium-driver (or run make quick, which leaves those tests out)" >&2
exit 2
