#!/usr/bin/env bash
# The tests drive a real Chromium and check feeds with xmllint. On Debian as root both are installed; elsewhere named.
set -eu

command -v chromium >/dev/null && command -v chromedriver >/dev/null && command -v xmllint >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends chromium chromium-driver libxml2-utils >/dev/null
else
  echo "Missing: Chromium with its driver, or libxml2's tools (commands chromium, chromedriver, xmllint on PATH)" >&2
  exit 1
fi
