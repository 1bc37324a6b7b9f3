"""JSON Schemas: what stands below each field, and what one lets stand at a place."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import pairwise
from typing import Any

from pydantic import BaseModel

Schema = Mapping[str, Any]


@cache
def schema_of(model: type[BaseModel]) -> Schema:
    """The JSON Schema of ``model``."""
    return model.model_json_schema()


@cache
def said_below(module: str) -> dict[str, dict[str, str]]:
    """Of each class of ``module`` the texts below its fields, by the field's name."""
    source = ast.parse(inspect.getsource(sys.modules[module]))
    classes = (node for node in source.body if isinstance(node, ast.ClassDef))
    return {node.name: dict(_texts(node.body)) for node in classes}


def _texts(body: list[ast.stmt]) -> Iterator[tuple[str, str]]:
    for pair in pairwise(body):
        match pair:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                yield name, inspect.cleandoc(text)


def variants(node: Schema, schema: Schema) -> Iterator[Schema]:
    """The alternatives of ``node`` of ``schema``, but for leaving it out."""
    if "$ref" in node:
        yield from variants(schema["$defs"][node["$ref"].rpartition("/")[2]], schema)
    elif options := node.get("oneOf") or node.get("anyOf"):
        for option in options:
            yield from variants(option, schema)
    elif node.get("type") != "null":
        yield node


def keys_at(schema: Schema, path: Iterable[str | int]) -> list[str]:
    """The keys that may stand in the mapping at ``path``; none where there is no such mapping.

    The path is that of a validation error: it also names the variants that were chosen.
    """
    found = [v for node in _at(schema, path) for v in variants(node, schema) if "properties" in v]
    return list(dict.fromkeys(key for variant in found for key in variant["properties"]))


def tags_at(schema: Schema, path: Iterable[str | int]) -> list[str]:
    """What the field that tells the variants at ``path`` apart may say."""
    return [tag for node in _at(schema, path) for tag in _mapping(node)]


def _at(schema: Schema, path: Iterable[str | int]) -> list[Schema]:
    nodes: list[Schema] = [schema]
    for part in path:
        nodes = [below for node in nodes for below in _below(node, part, schema)] or nodes
    return nodes


def _mapping(node: Schema) -> Schema:
    return dict(node.get("discriminator", {}).get("mapping", {}))


def _below(node: Schema, part: str | int, schema: Schema) -> Iterator[Schema]:
    if chosen := _mapping(node).get(str(part)):
        yield {"$ref": chosen}
        return
    for variant in variants(node, schema):
        inner = variant.get("items" if isinstance(part, int) else "properties", {})
        below = inner if isinstance(part, int) else inner.get(part)
        below = below or variant.get("additionalProperties")
        if below:
            yield below
