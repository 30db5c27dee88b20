#!/usr/bin/env bash
# Checks that this machine has what cannot be installed from here, and adds the wasm target.
set -eu

missing() {
  echo "Missing: $1" >&2
  exit 1
}

command -v rustup >/dev/null || missing "rustup, which installs Rust (https://rustup.rs)"
command -v node >/dev/null && command -v npm >/dev/null || missing "Node.js with npm"
command -v cc >/dev/null || missing "a C compiler (on Debian: apt-get install gcc)"

version=$(sed -n 's/^channel = "\(.*\)"/\1/p' rust-toolchain.toml)
toolchain_has() { rustup "$1" list --toolchain "$version" --installed 2>/dev/null | grep -q "^$2"; }
rustup toolchain list | grep -q "^$version-" || rustup toolchain install "$version" --profile minimal
toolchain_has target wasm32-unknown-unknown || rustup target add --toolchain "$version" wasm32-unknown-unknown
for component in clippy rustfmt; do
  toolchain_has component "$component" || rustup component add --toolchain "$version" "$component"
done
