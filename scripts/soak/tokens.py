"""Prints, as shell variables, what a run needs of the demo store: its app, a session and BigCommerce's tokens."""

import base64
import hashlib
import hmac
import json
import sys
import time
import urllib.parse
import urllib.request

sandbox = sys.argv[1]


def call(url, body=None):
    data = None if body is None else json.dumps(body).encode()
    method = "GET" if body is None else "PUT"
    request = urllib.request.Request(url, data, {"content-type": "application/json"}, method=method)
    with urllib.request.urlopen(request) as answer:
        return answer.read().decode()


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


demo = json.loads(call(f"{sandbox}/sandbox/stores"))[0]
store = demo["profile"]
app = json.loads(call(f"{sandbox}/sandbox/apps"))[0]
# One user for the run, one to log out, one to remove.
store["users"] = [{"id": number, "email": f"user{number}@example.com"} for number in (21, 22, 23)]
store["quota"] = 1_000_000
call(f"{sandbox}/sandbox/stores", store)
callback = f"{sandbox}/sandbox/stores/{store['hash']}/apps/{app['client_id']}/load-callback"
link = json.loads(call(f"{callback}?user=21"))["url"]
page = call(json.loads(call(f"{callback}?user={store['owner']['id']}"))["url"])

now = int(time.time())
claims = {
    "customer": {"id": store["customers"][0]["id"], "email": "ada@example.com", "group_id": "0"}, "iss": "bc/apps",
    "sub": store["hash"], "iat": now, "exp": now + 7200, "version": 1, "aud": app["client_id"],
    "application_id": app["client_id"], "store_hash": store["hash"], "operation": "current_customer",
}
signed = encoded(b'{"alg":"HS256"}') + "." + encoded(json.dumps(claims).encode())
mac = hmac.new(app["client_secret"].encode(), signed.encode(), hashlib.sha256).digest()
print("export CLIENT_ID=" + app["client_id"])
print("export ORIGIN=" + demo["storefront"])
print("export LOAD_CALLBACK=" + callback)
print("export LOAD_TOKEN=" + urllib.parse.parse_qs(urllib.parse.urlparse(link).query)["signed_payload_jwt"][0])
print("export SESSION=" + page.split('<meta name="session-token" content="')[1].split('"')[0])
print(f"export SHOPPER_TOKEN={signed}.{encoded(mac)}")
