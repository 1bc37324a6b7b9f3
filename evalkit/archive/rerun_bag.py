"""A bag as it is read to be made again: never written to."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from evalkit.archive import formats, layout
from evalkit.archive.kept_round import copy_record
from evalkit.archive.opened import Opened, not_as_listed, open_bag
from evalkit.base.errors import InputError, Problem, unreadable
from evalkit.base.text import Text, _
from evalkit.record.compared import Findings
from evalkit.reports.issued import SUMMARY


@dataclass(frozen=True)
class Bag:
    """The bag in ``folder``."""

    folder: Path

    def path(self, *parts: str) -> Path:
        """A place in the payload."""
        return self.folder.joinpath(layout.PAYLOAD, *parts)

    def named(self, path: Path) -> str:
        """What a place in the bag is called: its path from the top, as in the manifest."""
        return path.relative_to(self.folder).as_posix()

    def document(self, format: str, *parts: str) -> dict[str, Any]:
        """The JSON document at a place in the payload, in the newest version of its ``format``.

        Raises InputError where it is not there, cannot be read or is of another format.
        """
        file = self.path(*parts)
        try:
            found = json.loads(file.read_bytes())
        except OSError as error:
            raise unreadable(file, error) from error
        except (ValueError, RecursionError) as error:
            text = _("不是 JSON 文件：{error}", error=error)
            raise InputError(Problem(text, str(file))) from None
        return formats.upgraded(found, format, str(file))

    @cached_property
    def about(self) -> dict[str, Any]:
        """What the bag says of itself. Raises InputError for a folder that is no such bag."""
        if not self.path(layout.ABOUT).is_file():
            name = f"{layout.PAYLOAD}/{layout.ABOUT}"
            text = _("这里不是 evalkit 做的档案（没有 {name}）", name=name)
            raise InputError(Problem(text, str(self.folder)))
        found = self.document("evalkit-archive", layout.ABOUT)
        if found.get("kind") not in layout.KINDS:
            text = _("没有写明是哪一种档案（kind 应为 {kinds} 之一）", kinds=list(layout.KINDS))
            raise InputError(Problem(text, str(self.path(layout.ABOUT))))
        return found

    @cached_property
    def opened(self) -> Opened:
        """The digests of its files, and those that its lists name."""
        return open_bag(self.folder, Findings())

    def copy_round(self, target: Path) -> None:
        """Copy the round to the new folder ``target``, where it can be opened, without evidence:
        nothing is computed from that.

        Raises InputError where the bag has none.
        """
        source = self.path(layout.ROUND)
        if not source.is_dir():
            raise InputError(Problem(_("档案里没有评审工作文件夹"), str(source)))
        copy_record(source, target)

    def folders(self) -> list[Path]:
        """Every folder of reports, by name; and folders of papers that have the summary's page."""
        root = self.path(layout.REPORTS)
        folders = sorted(path for path in [root, *root.rglob("*")] if path.is_dir())
        reports = [folder for folder in folders if any(folder.glob("*.ipynb"))]
        papers = self.path(layout.PAPERS).rglob(f"{SUMMARY}.ipynb")
        return [*reports, *sorted(file.parent for file in papers)]

    def altered(self) -> dict[str, Text]:
        """Files of the payload that are not as the manifest lists them, by name, with a sentence:
        other bytes, not listed, or gone.
        """
        if not (self.folder / layout.MANIFEST).is_file():
            return {layout.MANIFEST: _("{name} 不见了：不是完整的档案", name=layout.MANIFEST)}
        return dict(not_as_listed(self.opened))
