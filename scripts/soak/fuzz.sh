#!/usr/bin/env bash
# Fuzzes each target for so many seconds. What it finds is kept beside the targets, in artifacts/.
set -eu

seconds=${1:-60}
# Coverage needs compiler flags that are for nightly; the bootstrap variable lets the pinned stable take them.
export RUSTC_BOOTSTRAP=1
unset RUSTFLAGS
mkdir -p .run/soak
cargo fuzz build --sanitizer none --release
for target in fuzz/fuzz_targets/*.rs; do
  name=$(basename "$target" .rs)
  mkdir -p "fuzz/corpus/$name"
  echo "fuzz: $name, $seconds s"
  log=.run/soak/$name.log
  if ! cargo fuzz run --sanitizer none --release "$name" "fuzz/corpus/$name" "fuzz/seeds/$name" -- \
    -max_total_time="$seconds" -max_len=8192 -timeout=10 -rss_limit_mb=1024 >"$log" 2>&1; then
    tail -n 40 "$log"
    exit 1
  fi
  grep '^Done' "$log"
done
