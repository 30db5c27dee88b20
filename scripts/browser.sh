#!/usr/bin/env bash
# The tests drive a real Chromium. On Debian as root it is installed; elsewhere it is named.
set -eu

command -v chromium >/dev/null && command -v chromedriver >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends chromium chromium-driver >/dev/null
else
  echo "Missing: Chromium with its driver (commands chromium and chromedriver on PATH)" >&2
  exit 1
fi
