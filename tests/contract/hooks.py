"""The callers of the gate under test, the things they call about, and the human in front of it.

A caller has a key: mostly one that may do everything, now and then one that may do little or nothing, or one that
nobody knows, so that every answer is seen, that to guessing too. Whatever ends or changes a key or a user gets one to
spend: the administrator and its key have to outlast the run. The human refuses most of what asks for a key and
approves a few, so that there is always room, and every answer of a poll is seen.
"""

import json
import random
import threading

import schemathesis
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.meta import TestPhase

import gate
import values

# How many requests for a key the human approves, of those that are collected by polling.
APPROVALS = 6
# Operations that change or end the user they are called by, or about.
BY_A_USER = {"Users_UpdateCurrentUser", "Users_DeleteCurrentUser"}
ABOUT_A_USER = {"Users_DeleteUser", "Users_ToggleUserLock"}

dice = random.Random(21420)
lock = threading.Lock()
asked = []

POWERLESS, MAKER = gate.fresh_key(), gate.fresh_key("btcpay.server.cancreateuser")
ADMIN = gate.call("GET", "users/me")
OUTLASTING = {gate.KEY, *(key[name] for key in (gate.call("GET", "api-keys/current"), POWERLESS, MAKER)
                          for name in ("apiKey", "id"))}
STORE = gate.fresh_store()


def once_in(times):
    return dice.randrange(times) == 0


def operation_id(operation):
    return operation.definition.raw["operationId"]


def negative(case, location):
    return case.meta is not None and case.meta.is_negative_at(location)


@schemathesis.auth(refresh_interval=None)
class Caller:
    def get(self, case, context):
        if not context.operation.definition.raw["security"]:
            return None
        operation = operation_id(context.operation)
        if once_in(12):
            return "guessed"
        if operation == "ApiKeys_DeleteCurrentApiKey":
            return gate.fresh_key("unrestricted")["apiKey"]
        if once_in(8):
            return (MAKER if operation == "Users_CreateUser" else POWERLESS)["apiKey"]
        if operation in BY_A_USER:
            return gate.key_of(gate.fresh_user(gate.PASSWORD if changes_password(case) else None))
        return gate.KEY

    def set(self, case, data, context):
        case.headers["Authorization"] = f"token {data}"


def changes_password(case):
    return isinstance(case.body, dict) and bool(case.body.get("newPassword"))


@schemathesis.hook
def before_call(context, case, kwargs):
    """What a schema cannot say is seen to, and every other path that could be right leads to something there is."""
    operation = operation_id(case.operation)
    if operation == "ApiKeys_Authorize":
        let_everything_count(case.query or {})
    if isinstance(case.body, dict) and not negative(case, ParameterLocation.BODY):
        values.settle(operation, case.body, gate.PASSWORD)
    if not case.path_parameters or negative(case, ParameterLocation.PATH):
        return
    # Steps of a sequence are about what was made before.
    if case.meta.phase.name != TestPhase.STATEFUL and once_in(2):
        lead_somewhere(operation, case)
    spare_the_administrator(operation, case.path_parameters)


def let_everything_count(query):
    """Without a redirect an identifier is ignored, however wrong it is; an empty permission is not counted."""
    if "applicationIdentifier" in query:
        query.setdefault("redirect", "https://till.example/callback")
    if isinstance(query.get("permissions"), list):
        query["permissions"] = [one if str(one).strip() else "blank" for one in query["permissions"]]


def lead_somewhere(operation, case):
    parameters = case.path_parameters
    if "apikey" in parameters:
        parameters["apikey"] = gate.fresh_key()[dice.choice(["id", "apiKey"])]
    if "idOrEmail" in parameters:
        user = gate.fresh_user() if operation in ABOUT_A_USER else ADMIN
        parameters["idOrEmail"] = user[dice.choice(["id", "email"])]
    if "storeId" in parameters:
        parameters["storeId"] = gate.fresh_store() if operation == "Stores_DeleteStore" else STORE
    if operation == "Fieldgate_GetRequest" and asked:
        with lock:
            parameters["id"], case.query["c"] = dice.choice(asked)
        # It does not wait for news.
        case.headers.pop("Prefer", None)


def spare_the_administrator(operation, parameters):
    if parameters.get("apikey") in OUTLASTING:
        parameters["apikey"] = gate.fresh_key()["id"]
    if operation in ABOUT_A_USER and str(parameters["idOrEmail"]).lower() in (ADMIN["id"], ADMIN["email"]):
        parameters["idOrEmail"] = gate.fresh_user()["id"]
    if operation == "Stores_DeleteStore" and parameters["storeId"] == STORE:
        parameters["storeId"] = gate.fresh_store()


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
        gate.ctl("refuse", taken["id"])


def approved(taken):
    number, user = str(taken["number"]), ADMIN["email"]
    return gate.ctl("approve", taken["id"], "--number", number, "--user", user).returncode == 0
