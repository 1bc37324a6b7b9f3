"""Canonical JSON against an RFC 8785 library."""

from __future__ import annotations

import hashlib

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from evalkit.base import canonical
from evalkit.evaluation import evaluate
from tests.support.builders import demo

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
)


@given(VALUES)
def test_equals_the_rfc_8785_library(value: object) -> None:
    """Every value without floats has the same bytes as in the library."""
    assert canonical.dumps(value).encode() == rfc8785.dumps(value)


def test_keys_sort_by_utf_16_code_units() -> None:
    """U+1F600 sorts before U+FB33, as in section 3.2.3 of the RFC."""
    value = {"\ufb33": 1, "\U0001f600": 2, "\u20ac": 3, "\r": 4, "1": 5, "\x80": 6, "\xf6": 7}
    assert canonical.dumps(value).encode() == rfc8785.dumps(value)
    assert list(canonical.dumps({"\ufb33": 1, "\U0001f600": 2}))[2] == "\U0001f600"


def test_the_demos_results_are_canonical() -> None:
    """The results of a whole panel have the library's bytes."""
    results = evaluate(*demo())
    assert results.to_json().encode() == rfc8785.dumps(results.to_dict())


@given(st.lists(VALUES), VALUES)
def test_a_digest_reads_arrays_item_by_item(items: list[object], other: object) -> None:
    """An iterator in place of an array has the digest of the whole, also when it is empty."""
    whole = canonical.digest({"b": items, "a": other, "c": []})
    assert whole == canonical.digest({"b": iter(items), "a": other, "c": iter(())})
    assert whole == hashlib.sha256(rfc8785.dumps({"b": items, "a": other, "c": []})).hexdigest()


@pytest.mark.parametrize("value", [1.0, {1: 2}, {"a": 2**53}, {"a": "\ud800"}, object()])
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    """Floats above all: an official number is a decimal string."""
    with pytest.raises((TypeError, ValueError)):
        canonical.dumps(value)
