"""The compiled check of outputs finds what jsonschema finds, and says it in its words."""

from __future__ import annotations

from typing import Any

import pytest
from nbformat import ValidationError, validator
from nbformat.v4 import nbformat, nbformat_minor

from evalkit.engine import checking

GOOD: dict[str, Any] = {
    "output_type": "execute_result",
    "data": {"text/plain": ["x\n", "y"], "text/html": "<p>", "application/json": {"a": [1]}},
    "metadata": {},
    "execution_count": 1,
}

BAD = [
    {**GOOD, "data": {"text/plain": 5}},
    {**GOOD, "data": None},
    {**GOOD, "metadata": []},
    {**GOOD, "execution_count": -1},
    {**GOOD, "output_type": "stream"},
    {**GOOD, "more": 1},
    {key: value for key, value in GOOD.items() if key != "data"},
    [],
]


def said(output: Any) -> str:
    """What nbformat has to say of an output; nothing if it is good."""
    try:
        validator.validate(output, ref="execute_result", version=nbformat)
    except ValidationError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("output", [GOOD, *BAD])
def test_it_finds_and_says_what_nbformat_does(output: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its errors are nbformat's, to the letter."""
    monkeypatch.setattr(validator, "validators", {})
    plain = said(output)
    checking.install()
    assert isinstance(validator.get_validator(nbformat, nbformat_minor), checking.Validator)
    assert said(output) == plain
    assert bool(plain) == (output is not GOOD)


def test_another_validator_that_was_asked_for_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nbformat has a variable for that."""
    monkeypatch.setattr(validator, "validators", {})
    monkeypatch.setenv("NBFORMAT_VALIDATOR", "jsonschema")
    checking.install()
    assert type(validator.get_validator(nbformat, nbformat_minor)).__name__ == "JsonSchemaValidator"
