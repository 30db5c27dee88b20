#!/usr/bin/env bash
# What `wrangler deploy` would upload must be complete and small.
set -eu

out=.run/dry-run
mkdir -p .run
for environment in staging production; do
  rm -rf "$out"
  wrangler deploy --dry-run --env "$environment" --outdir "$out" >".run/dry-run.log" 2>&1 || { cat .run/dry-run.log; exit 1; }
done
size=$(cat build/worker/index.wasm build/worker/shim.mjs | gzip -9 | wc -c)
if [ "$size" -gt 900000 ]; then
  echo "The Worker has $size bytes gzipped; 900000 is the most it may have." >&2
  exit 1
fi
