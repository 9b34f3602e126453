"""Checks the JSON values on stdin, one per line or a single one, against a JSON Schema of this project.

Usage: check_json.py schema/json/Name.json. Exit code 0: every value is valid. It supports only the keywords that these
schemas use, and fails if a schema has another one.
"""
import json
import pathlib
import sys

ANNOTATIONS = {"$schema", "$id", "$comment", "title", "description", "default", "definitions"}
TYPES = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "null": type(None),
    "number": (int, float),
    "integer": int,
}


def main(path):
    schema_path = pathlib.Path(path)
    text = sys.stdin.read()
    try:
        values = [json.loads(text)]
    except json.JSONDecodeError:
        values = [json.loads(line) for line in text.splitlines()]
    problems = [problem for value in values for problem in check(value, load(schema_path), schema_path, "$")]
    for problem in problems:
        print(problem)
    return 1 if problems or not values else 0


def load(path):
    return json.loads(path.read_text(encoding="utf-8"))


def check(value, schema, path, where):
    """The problems of a value, each with its place."""
    for keyword, rule in schema.items():
        if keyword in ANNOTATIONS:
            continue
        if keyword not in CHECKS:
            raise SystemExit(f"{path}: unknown keyword {keyword}")
        yield from CHECKS[keyword](value, rule, schema, path, where)


def check_ref(value, rule, _schema, path, where):
    if rule.startswith("#/definitions/"):
        yield from check(value, load(path)["definitions"][rule.split("/")[-1]], path, where)
        return
    other = path.parent / rule
    yield from check(value, load(other), other, where)


def check_type(value, rule, _schema, _path, where):
    names = [rule] if isinstance(rule, str) else rule
    if not any(is_of(value, name) for name in names):
        yield f"{where}: not of type {names}"


def is_of(value, name):
    # In Python a boolean is an integer, too.
    if isinstance(value, bool):
        return name == "boolean"
    return isinstance(value, TYPES[name])


def check_const(value, rule, _schema, _path, where):
    if value != rule:
        yield f"{where}: not {rule!r}"


def check_enum(value, rule, _schema, _path, where):
    if value not in rule:
        yield f"{where}: none of {rule}"


def check_any_of(value, rule, _schema, path, where):
    tries = [list(check(value, option, path, where)) for option in rule]
    if all(tries):
        yield f"{where}: none of the choices: {tries}"


def check_properties(value, rule, _schema, path, where):
    if isinstance(value, dict):
        for name, member in rule.items():
            if name in value:
                yield from check(value[name], member, path, f"{where}.{name}")


def check_required(value, rule, _schema, _path, where):
    if isinstance(value, dict):
        for name in rule:
            if name not in value:
                yield f"{where}: {name} is missing"


def check_items(value, rule, _schema, path, where):
    if isinstance(value, list):
        for index, element in enumerate(value):
            yield from check(element, rule, path, f"{where}[{index}]")


def check_additional(value, rule, schema, path, where):
    if isinstance(value, dict) and isinstance(rule, dict):
        for name in value.keys() - schema.get("properties", {}).keys():
            yield from check(value[name], rule, path, f"{where}.{name}")


CHECKS = {
    "$ref": check_ref,
    "type": check_type,
    "const": check_const,
    "enum": check_enum,
    "anyOf": check_any_of,
    "properties": check_properties,
    "required": check_required,
    "items": check_items,
    "additionalProperties": check_additional,
    # Only bounds the size of integers.
    "minimum": lambda *_: (),
    "maximum": lambda *_: (),
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
