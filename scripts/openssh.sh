#!/usr/bin/env bash
# Tests and benchmarks put files on a real OpenSSH server. On Debian as root it is installed; elsewhere it is named.
set -eu

PATH=$PATH:/usr/sbin
command -v sshd >/dev/null && command -v ssh-keygen >/dev/null && command -v sftp >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends openssh-server openssh-client >/dev/null
else
  echo "Missing: OpenSSH (commands sshd, sftp and ssh-keygen)" >&2
  exit 1
fi
