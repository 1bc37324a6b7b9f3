"""What may be declared under a key, read from the JSON Schema of its model: values and meanings.

A value is written as YAML in one line; a number is the example that its field names.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from evalkit.base.schema import Schema, variants


def values(node: Schema, schema: Schema, extra: Iterable[str] = ()) -> list[Any]:
    """What may stand for ``node`` of ``schema``; with the optional fields named ``extra``."""
    if "examples" in node:
        return list(node["examples"])
    found: list[Any] = []
    for variant in variants(node, schema):
        if "const" in variant or "enum" in variant:
            found += variant.get("enum") or [variant["const"]]
        elif "properties" in variant:
            found += _objects(variant, schema, extra)
    return found


def _objects(variant: Schema, schema: Schema, extra: Iterable[str]) -> list[dict[str, Any]]:
    """The first option of each field, and one object more for each other option of each."""
    names = [n for n in variant["properties"] if n in variant["required"] or n in extra]
    names.sort(key=lambda name: name != "method")
    fields = {n: values(variant["properties"][n], schema, extra) for n in names}
    first = {name: options[0] for name, options in fields.items()}
    # benchmarks among the examples stand in the order of the first direction
    several = [n for n, options in fields.items() if len(options) > 1 and n != "better"]
    return [first, *(first | {name: option} for name in several for option in fields[name][1:])]


def meanings(node: Schema, schema: Schema) -> list[str]:
    """What the model says about ``node`` and the fields of its variants, each thing once."""
    said: dict[str, None] = {}
    for variant in variants(node, schema):
        for name, field in variant.get("properties", {}).items():
            options = "、".join(map(str, field.get("enum", ())))
            words = "。".join(
                filter(None, (options, field.get("description", "").replace("\n", "")))
            )
            if words:
                said[f"{name}：{words}"] = None
    return [*filter(None, [node.get("description", "").replace("\n", "")]), *said]


def flow(value: Any) -> str:
    """``value`` as YAML in one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k}: {flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    return str(value).lower() if isinstance(value, bool) else str(value)
