"""What schemathesis wrote down of a run."""

import json


def counts(path, description):
    """How many requests were made for each operation of the description. Those that only tried other methods are left
    out."""
    made = {f"{method.upper()} {path}": 0 for path, methods in description["paths"].items() for method in methods}
    with open(path) as events:
        for line in events:
            (event,) = json.loads(line).values()
            for case in event.get("recorder", {}).get("cases", {}).values():
                name = f"{case['value']['method']} {case['value']['path']}"
                if name in made:
                    made[name] += 1
    return made
