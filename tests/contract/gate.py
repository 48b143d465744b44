"""The gate under test, as an administrator calls it: whoever and whatever a case needs is made here.

The folder that FIELDGATE_CONTRACT names is made by check.py. No secret stands in an argument or the environment.
"""

import itertools
import os
import subprocess
from pathlib import Path

import requests

PLACE = Path(os.environ["FIELDGATE_CONTRACT"])
URL, KEY, ADMIN, PASSWORD = ((PLACE / name).read_text().strip() for name in ("url", "key", "admin", "password"))

session = requests.Session()
session.trust_env = False
numbers = itertools.count(1)


def call(method, path, body=None):
    answer = session.request(
        method, f"{URL}/api/v1/{path}", json=body, headers={"Authorization": f"token {KEY}"}, timeout=30,
    )
    answer.raise_for_status()
    return answer.json() if answer.content else None


def fresh_key(*permissions):
    return call("POST", "api-keys", {"label": "contract", "permissions": permissions})


def fresh_user(password=None):
    return call("POST", "users", {"email": f"{next(numbers)}@contract.example", "password": password})


def key_of(user):
    return call("POST", f"users/{user['id']}/api-keys", {"permissions": ["unrestricted"]})["apiKey"]


def fresh_store():
    return call("POST", "stores", {"name": "contract"})["id"]


def ctl(*args):
    program, home = ((PLACE / name).read_text().strip() for name in ("fieldgatectl", "home"))
    environment = {**os.environ, "FIELDGATE_PASSPHRASE_FILE": str(PLACE / "passphrase")}
    return subprocess.run([program, "--home", home, "--json", *args], env=environment, capture_output=True, check=False)
