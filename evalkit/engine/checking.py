"""nbformat's check of a part of a notebook, with the schema compiled as it is for a whole one."""

# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

from typing import Any

import fastjsonschema
from nbformat import validator
from nbformat.json_compat import FastJsonSchemaValidator
from nbformat.v4 import nbformat, nbformat_minor


class Validator(FastJsonSchemaValidator):
    """nbformat's validator; it leaves parts, every output among them, to jsonschema.

    That takes a third of a millisecond for each and finds the same. Whatever is found, nbformat
    asks jsonschema again, for the words.
    """

    def __init__(self, whole: FastJsonSchemaValidator) -> None:
        vars(self).update(vars(whole))  # the schema of a whole notebook is not compiled again
        self._parts: dict[str, Any] = {}

    def iter_errors(self, data: Any, schema: dict[str, str] | None = None) -> Any:
        """What is wrong with ``data``, a whole notebook or, by the reference ``schema``, a part."""
        if schema is None:
            return super().iter_errors(data)
        part = schema["$ref"]
        if part not in self._parts:
            self._parts[part] = fastjsonschema.compile({**self._schema, **schema})
        try:
            self._parts[part](data)
        except fastjsonschema.JsonSchemaException as error:
            return [validator.ValidationError(str(error))]
        return []


def install() -> None:
    """Let nbformat use it for notebooks of its present version, unless it was told to use another.

    This is where nbformat keeps the validators that it has made.
    """
    found = validator.get_validator(nbformat, nbformat_minor)
    if type(found) is FastJsonSchemaValidator:
        validator.validators[found.name, nbformat, nbformat_minor, False] = Validator(found)
