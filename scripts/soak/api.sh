#!/usr/bin/env bash
# Holds docs/openapi.yaml against the Worker as it is deployed, with the stand-ins beside it, for so many seconds.
# More arguments go to schemathesis.
set -eu

seconds=${1:-60}
port=8797
export WORKER=http://localhost:$port
sandbox=http://127.0.0.1:8798
state=.run/soak
rm -rf "$state"
mkdir -p "$state"
random() { od -An -N"$1" -tx1 /dev/urandom | tr -d ' \n'; }
OPERATOR_TOKEN=$(random 24)
export OPERATOR_TOKEN
umask 077
echo "OPERATOR_TOKEN=$OPERATOR_TOKEN" >"$state/secrets"
echo "SEALING_KEYS=soak:$(head -c 32 /dev/urandom | base64)" >>"$state/secrets"

cargo build --quiet -p sandbox
trap 'trap - EXIT; kill $(jobs -p) 2>/dev/null || true; wait' EXIT
SANDBOX_LISTEN=127.0.0.1:8798 target/debug/sandbox >"$state/sandbox.log" 2>&1 &
wrangler dev --port $port --inspector-port 0 --persist-to "$state/worker" --show-interactive-dev-session=false \
  --env-file "$state/secrets" \
  --var "PUBLIC_URL:$WORKER" "BIGCOMMERCE_API_URL:$sandbox/bigcommerce/api" \
  "BIGCOMMERCE_LOGIN_URL:$sandbox/bigcommerce/login" \
  "ORDERGROOVE_HOSTS:*.ordergroove.com,127.0.0.1:8798" RATE_LIMITS:shopper=60000,app=60000 >"$state/worker.log" 2>&1 &

reached() { curl --silent --fail --output /dev/null --max-time 2 "$1"; }
for address in "$WORKER/healthz" "$sandbox/"; do
  for _ in $(seq 480); do
    reached "$address" && break
    sleep 0.25
  done
  reached "$address" || { echo "$address does not answer" >&2; tail -n 20 "$state"/*.log >&2; exit 1; }
done
target/debug/sandbox demo --worker "$WORKER" --sandbox "$sandbox" --operator-token-env OPERATOR_TOKEN \
  --merchant demo >/dev/null
variables=$(python3 scripts/soak/tokens.py "$sandbox")
eval "$variables"

echo "schemathesis: $seconds s"
export HYPOTHESIS_STORAGE_DIRECTORY=$state/hypothesis
schemathesis --config-file scripts/soak/schemathesis.toml run docs/openapi.yaml --max-time "$seconds" \
  --phases=examples,coverage,fuzzing,stateful --report-junit-path "$state/report.xml" --no-color "${@:2}"
if grep -E '"level":"error"' "$state/worker.log" >&2; then
  echo "The Worker logged a fault of its own." >&2
  exit 1
fi
