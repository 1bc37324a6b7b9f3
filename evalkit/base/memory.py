"""Python's search for garbage, put off while much is made that stays."""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def keeping(make: Callable[P, T]) -> Callable[P, T]:
    """``make``, during which nothing is searched for objects that hold each other and nobody else.

    Each search goes through all that was made so far, which for a million events takes as long as
    making them. What is free is freed as ever.
    """

    @wraps(make)
    def made(*args: P.args, **options: P.kwargs) -> T:
        if not gc.isenabled():
            return make(*args, **options)
        gc.disable()
        try:
            return make(*args, **options)
        finally:
            gc.enable()

    return made
