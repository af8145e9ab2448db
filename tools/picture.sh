#!/usr/bin/env bash
# Draws docs/img/report.png, the README's picture: two screens of a report side by side, in headless Chromium.
# usage: tools/picture.sh [RUN]     (RUN is the folder of a run; without it a small one is made)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
run="${1:-$folder/run}"
if [ $# -eq 0 ]; then
    .venv/bin/glasshouse run essay --citizens 20000 --quiet --out "$run" >&2
fi
browser="$(command -v chromium || command -v chromium-browser || command -v google-chrome)"
cp "$run/report.html" "$folder/report.html"
cat >"$folder/page.html" <<'PAGE'
<!doctype html><meta charset="utf-8">
<style>
  body { margin: 0; display: flex; gap: 16px; background: #fff; overflow: hidden }
  div { width: 812px; height: 940px; overflow: hidden; border: 1px solid #d8d8dc; border-radius: 6px }
  iframe { width: 1160px; height: 1343px; border: 0; transform: scale(0.7); transform-origin: 0 0 }
</style>
<div><iframe src="report.html"></iframe></div><div><iframe src="report.html#grades"></iframe></div>
PAGE
"$browser" --headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --hide-scrollbars --window-size=1644,942 \
    --virtual-time-budget=15000 --screenshot="$folder/report.png" "file://$folder/page.html" 2>/dev/null
mkdir -p docs/img
mv "$folder/report.png" docs/img/report.png
echo "docs/img/report.png: $(stat -c %s docs/img/report.png) bytes" >&2
