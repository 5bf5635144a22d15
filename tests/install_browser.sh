#!/usr/bin/env bash
# The browser tests drive Debian's Chromium, best without its windows (chromium-headless-shell: a
# fifth less of the processor). Install it where it is missing and can be; say so where it can't.
set -u
has() { [ -x "/usr/bin/$1" ]; }
get() { DEBIAN_FRONTEND=noninteractive timeout 300 apt-get install -y -qq "$1" >/dev/null 2>&1; }
if has chromium-headless-shell; then exit 0; fi
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
  echo "Installing Chromium for the browser tests ..."
  # Without a network nobody waits for long.
  timeout 60 apt-get update -qq >/dev/null 2>&1
  get chromium-headless-shell && exit 0
  has chromium || get chromium && exit 0
fi
if has chromium; then exit 0; fi
echo "Chromium is missing and could not be installed here: the browser tests will FAIL. Install it with: apt-get install chromium" >&2
exit 0
