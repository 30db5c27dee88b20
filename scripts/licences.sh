#!/usr/bin/env bash
# Licences and sources always; advisories whenever their database can be fetched, since a machine that
# reaches the package registries alone must be able to run the tests.
set -eu

cargo deny --log-level error check bans licenses sources
if cargo deny --log-level error fetch db >/dev/null 2>&1; then
  cargo deny --log-level error check advisories
else
  echo "advisories: not checked, the database could not be fetched"
fi
