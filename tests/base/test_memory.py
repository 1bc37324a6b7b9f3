"""The search for garbage, put off while much is made."""

from __future__ import annotations

import gc

import pytest

from evalkit.base.memory import keeping


def test_the_search_is_put_off_and_taken_up_again() -> None:
    """Also where what is made fails, and once for calls within each other."""

    @keeping
    def inner() -> bool:
        return gc.isenabled()

    @keeping
    def outer() -> tuple[bool, bool]:
        return inner(), gc.isenabled()

    @keeping
    def failing() -> None:
        raise ValueError

    assert gc.isenabled()
    assert outer() == (False, False)
    assert gc.isenabled()
    with pytest.raises(ValueError):  # noqa: PT011  (our own)
        failing()
    assert gc.isenabled()


def test_a_search_that_was_off_stays_off() -> None:
    """Whoever turned it off turns it on."""
    gc.disable()
    try:
        assert keeping(gc.isenabled)() is False
        assert not gc.isenabled()
    finally:
        gc.enable()
