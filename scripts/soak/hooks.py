"""Keeps the run from removing what it stands on: its app, its user and its session."""

import os
import re
import urllib.request

import schemathesis

CLIENT_ID = os.environ["CLIENT_ID"]
SESSION = "Bearer " + os.environ["SESSION"]


def read(url):
    with urllib.request.urlopen(url) as answer:
        return answer.read().decode()


def load_link(user):
    """A fresh link that opens the console for a user."""
    return re.search(r'"url":"([^"]+)"', read(f"{os.environ['LOAD_CALLBACK']}?user={user}")).group(1)


def another_session():
    """A session that nothing else uses."""
    return re.search(r'<meta name="session-token" content="([^"]+)"', read(load_link(22))).group(1)


@schemathesis.hook
def before_call(context, case, kwargs):
    path = case.operation.path
    if case.method in ("PUT", "DELETE") and (case.path_parameters or {}).get("client_id") == CLIENT_ID:
        case.path_parameters["client_id"] = "another-app"
    ends_session = case.method == "DELETE" and path == "/console/api/session"
    if ends_session and (case.headers or {}).get("Authorization") == SESSION:
        case.headers["Authorization"] = "Bearer " + another_session()
    query = case.query or {}
    if path.endswith("/remove-user") and query.get("signed_payload_jwt") == os.environ["LOAD_TOKEN"]:
        case.query["signed_payload_jwt"] = load_link(23).split("signed_payload_jwt=")[1]
