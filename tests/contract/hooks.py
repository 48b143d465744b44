"""The callers of the gate under test, and the human in front of it.

A caller has a key: mostly one that may do everything, now and then one that may do nothing, so that both answers are
seen. Whatever ends a key or a user gets one to spend. The human refuses most of what asks for a key and approves a
few, so that there is always room, and every answer of a poll is seen.

The folder that FIELDGATE_CONTRACT names is made by check.py. No secret stands in an argument or the environment.
"""

import itertools
import json
import os
import subprocess
import threading
from pathlib import Path

import requests
import schemathesis
from schemathesis.core.parameters import ParameterLocation

PLACE = Path(os.environ["FIELDGATE_CONTRACT"])
URL, KEY, ADMIN = ((PLACE / name).read_text().strip() for name in ("url", "key", "admin"))

# Operations that end the key, or the user, they are called with.
ENDING = {"ApiKeys_DeleteCurrentApiKey"}
# How many requests for a key the human approves, of those that are collected by polling.
APPROVALS = 6

session = requests.Session()
session.trust_env = False
turn = itertools.count()
lock = threading.Lock()
asked = []


def call(method, path, body=None):
    headers = {"Authorization": f"token {KEY}"}
    answer = session.request(method, URL + path, json=body, headers=headers, timeout=30)
    answer.raise_for_status()
    return answer.json() if answer.content else None


def fresh_key(*permissions):
    return call("POST", "/api/v1/api-keys", {"label": "contract", "permissions": permissions})


POWERLESS = fresh_key()["apiKey"]


def operation_id(operation):
    return operation.definition.raw["operationId"]


@schemathesis.auth(refresh_interval=None)
class Caller:
    def get(self, case, context):
        if not context.operation.definition.raw["security"]:
            return None
        if operation_id(context.operation) in ENDING:
            return fresh_key("unrestricted")["apiKey"]
        return POWERLESS if next(turn) % 8 == 0 else KEY

    def set(self, case, data, context):
        case.headers["Authorization"] = f"token {data}"


@schemathesis.hook
def before_call(context, case, kwargs):
    """Every other path that could be right leads to something that is there."""
    if operation_id(case.operation) == "ApiKeys_Authorize":
        let_everything_count(case.query or {})
    elif case.path_parameters and next(turn) % 2 and not negative_path(case):
        lead_somewhere(case)


def negative_path(case):
    return case.meta is not None and case.meta.is_negative_at(ParameterLocation.PATH)


def let_everything_count(query):
    """Without a redirect an identifier is ignored, however wrong it is; an empty permission is not counted."""
    if "applicationIdentifier" in query:
        query.setdefault("redirect", "https://till.example/callback")
    if isinstance(query.get("permissions"), list):
        query["permissions"] = [one if str(one).strip() else "blank" for one in query["permissions"]]


def lead_somewhere(case):
    parameters = case.path_parameters
    if "apikey" in parameters:
        key = fresh_key()
        parameters["apikey"] = key["id"] if next(turn) % 2 else key["apiKey"]
    if "idOrEmail" in parameters:
        parameters["idOrEmail"] = ADMIN
    if operation_id(case.operation) == "Fieldgate_GetRequest" and asked:
        with lock:
            parameters["id"], case.query["c"] = asked[next(turn) % len(asked)]
        # It does not wait for news.
        case.headers.pop("Prefer", None)


@schemathesis.hook
def after_call(context, case, response):
    if operation_id(case.operation) != "ApiKeys_Authorize" or response.status_code != 202:
        return
    taken = json.loads(response.content)
    with lock:
        # What is approved with a redirect would be posted there.
        approve = not (case.query or {}).get("redirect") and len(asked) < APPROVALS
        asked.append((taken["id"], taken["poll"].partition("?c=")[2]))
    if not (approve and approved(taken)):
        ctl("refuse", taken["id"])


def approved(taken):
    return ctl("approve", taken["id"], "--number", str(taken["number"]), "--user", ADMIN).returncode == 0


def ctl(*args):
    program, home = ((PLACE / name).read_text().strip() for name in ("fieldgatectl", "home"))
    environment = {**os.environ, "FIELDGATE_PASSPHRASE_FILE": str(PLACE / "passphrase")}
    return subprocess.run([program, "--home", home, "--json", *args], env=environment, capture_output=True, check=False)
