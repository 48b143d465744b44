"""What schemathesis wrote down of a run."""

import json


def counts(path, description):
    """How many requests were made for each operation of the description, and how many of them had success. Those that
    only tried other methods are left out."""
    made = {f"{method.upper()} {path}": [0, 0] for path, methods in description["paths"].items() for method in methods}
    with open(path) as events:
        for line in events:
            (event,) = json.loads(line).values()
            recorder = event.get("recorder", {})
            for number, case in recorder.get("cases", {}).items():
                name = f"{case['value']['method']} {case['value']['path']}"
                if name in made:
                    made[name][0] += 1
                    made[name][1] += succeeded(recorder["interactions"].get(number))
    return made


def succeeded(interaction):
    response = interaction and interaction["response"]
    return bool(response) and 200 <= response["status_code"] < 400
