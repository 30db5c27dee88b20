#!/usr/bin/env bash
# Registers an app at a deployment and prints what to enter in BigCommerce's developer tools.
# The operator's token and the client secret go through a pipe, so that no process list shows them.
set -eu

url=${1:-} client_id=${2:-} client_secret=${3:-} environment=${4:-staging}
if [ -z "$url" ] || [ -z "$client_id" ] || [ -z "$client_secret" ] || [ -z "${OPERATOR_TOKEN:-}" ]; then
  echo "Usage: OPERATOR_TOKEN=… make register URL=https://… CLIENT_ID=… CLIENT_SECRET=… APP_ENVIRONMENT=staging" >&2
  exit 2
fi
case "$client_id$client_secret$environment" in
*[!A-Za-z0-9._~+/=-]*)
  echo "The client id and secret are letters, digits and . _ ~ + / = - only; copy them again." >&2
  exit 2
  ;;
esac
curl --silent --show-error --fail-with-body --config - <<CONFIG
url = "$url/operator/apps/$client_id"
request = "PUT"
header = "authorization: Bearer $OPERATOR_TOKEN"
header = "content-type: application/json"
data = "{\"client_secret\":\"$client_secret\",\"environment\":\"$environment\"}"
CONFIG
echo
