#!/usr/bin/env bash
# The browser tests drive Debian's Chromium, best without its windows (chromium-headless-shell: a
# fifth less of the processor). Install it where it is missing and can be; say so where it can't.
set -u
has() { [ -x "/usr/bin/$1" ]; }
if has chromium-headless-shell; then exit 0; fi
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
  echo "Installing Chromium for the browser tests ..."
  apt-get update -qq >/dev/null 2>&1
  for name in chromium-headless-shell chromium; do
    has chromium && [ "$name" = chromium ] && continue
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$name" >/dev/null 2>&1 && exit 0
  done
fi
if has chromium; then exit 0; fi
echo "Chromium is missing and could not be installed here: the browser tests will FAIL. Install it with: apt-get install chromium" >&2
exit 0
