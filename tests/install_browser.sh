#!/usr/bin/env bash
# The browser tests drive Debian's Chromium. Install it where it is missing and can be; say so where it can't.
set -u
for name in chromium chromium-browser google-chrome; do
  command -v "$name" >/dev/null 2>&1 && exit 0
done
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
  echo "Installing Chromium for the browser tests ..."
  apt-get update -qq >/dev/null 2>&1
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null 2>&1 && exit 0
fi
echo "Chromium is missing and could not be installed here: the browser tests will FAIL. Install it with: apt-get install chromium" >&2
exit 0
