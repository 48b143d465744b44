"""Whether every example of the description is what its own schema says."""

import sys

import jsonschema_rs


def check(description):
    """How many there are."""
    count, wrong = 0, []
    for where, schema, example in found(description, "#"):
        count += 1
        whole = {**schema, "components": description["components"]}
        wrong += [f"{where}: {error.message}" for error in jsonschema_rs.Draft202012Validator(whole).iter_errors(example)]
    if wrong or not count:
        sys.exit("contract: examples that do not fit:\n" + "\n".join(wrong))
    return count


def found(node, where):
    """Everything that has a schema and an example, or several."""
    if isinstance(node, list):
        node = dict(enumerate(node))
    if not isinstance(node, dict):
        return
    if "schema" in node and "example" in node:
        yield where, node["schema"], node["example"]
    if "schema" in node and "examples" in node:
        for name, example in node["examples"].items():
            yield f"{where}/examples/{name}", node["schema"], example["value"]
    for name, child in node.items():
        yield from found(child, f"{where}/{name}")
