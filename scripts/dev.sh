#!/usr/bin/env bash
# Starts the stand-ins and the Worker, installs the demo store, and runs until Ctrl-C.
set -eu

worker=http://localhost:8787
sandbox=http://127.0.0.1:8788
state=.run/dev
mkdir -p "$state"

# Secrets of this machine alone, made once.
if [ ! -f "$state/secrets" ]; then
  random() { od -An -N"$1" -tx1 /dev/urandom | tr -d ' \n'; }
  umask 077
  {
    echo "OPERATOR_TOKEN=$(random 24)"
    echo "SEALING_KEYS=dev:$(head -c 32 /dev/urandom | base64)"
  } >"$state/secrets"
fi
set -a
. "$state/secrets"
set +a

cargo build --quiet -p sandbox
trap 'trap - EXIT; kill $(jobs -p) 2>/dev/null; wait' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

SANDBOX_LISTEN=127.0.0.1:8788 SANDBOX_SFTP_LISTEN=127.0.0.1:8722 SANDBOX_STATE="$state/sandbox.json" target/debug/sandbox >"$state/sandbox.log" 2>&1 &
wrangler dev --port 8787 --inspector-port 0 --persist-to "$state/worker" --show-interactive-dev-session=false \
  --env-file "$state/secrets" \
  --var "PUBLIC_URL:$worker" "BIGCOMMERCE_API_URL:$sandbox/bigcommerce/api" "BIGCOMMERCE_LOGIN_URL:$sandbox/bigcommerce/login" \
  "BIGCOMMERCE_SDK_URL:$sandbox/assets/bc-sdk.js" \
  "ORDERGROOVE_HOSTS:127.0.0.1:8788,127.0.0.1:8722" >"$state/worker.log" 2>&1 &

reached() { curl --silent --output /dev/null --max-time 2 "$1"; }
for address in "$worker/healthz" "$sandbox/"; do
  for _ in $(seq 240); do
    reached "$address" && break
    jobs -r | grep -q . || break
    sleep 0.25
  done
  reached "$address" || { echo "$address does not answer; see $state/*.log" >&2; tail -n 20 "$state"/*.log >&2; exit 1; }
done

target/debug/sandbox demo --worker "$worker" --sandbox "$sandbox" --operator-token-env OPERATOR_TOKEN --merchant demo
echo "Worker         $worker"
echo "sandbox        $sandbox/"
echo "SFTP           127.0.0.1:8722, user demo, password demo-sftp-password, folder /incoming"
echo "Logs: $state/worker.log and $state/sandbox.log. Stop with Ctrl-C."
wait
