"""Whether an argument is of the kind that is wanted, said in a line where it is not."""

from __future__ import annotations

from pathlib import Path

from evalkit.base.errors import InputError
from evalkit.base.text import _


def want(kind: type, value: object, how: str) -> None:
    """Raise InputError unless ``value`` is a ``kind``; ``how`` says where one comes from."""
    if not isinstance(value, kind):
        text = _(
            "这里要的是 {wanted}（用 {how} 得到），给出的是 {given}",
            wanted=kind.__name__,
            how=how,
            given=type(value).__name__,
        )
        raise InputError(text)


def path_of(value: object) -> Path:
    """``value`` as a path. Raises InputError for what is none."""
    if not isinstance(value, str | Path):
        text = _("这里要的是文件或文件夹的路径，给出的是 {given}", given=f"{value!r:.40}")
        raise InputError(text)
    return Path(value)
