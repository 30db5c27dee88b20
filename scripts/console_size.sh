#!/usr/bin/env bash
# What a browser loads to open the console must stay small.
set -eu

size=$(find static/console -name '*.js' -o -name '*.css' | sort | xargs cat | gzip -9 | wc -c)
if [ "$size" -gt 260000 ]; then
  echo "The console has $size bytes gzipped; 260000 is the most it may have." >&2
  exit 1
fi
