"""A bag that was made at the end of an appeal: the steps in it are of one chained log, and about
the lock in it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from evalkit.archive.layout import ABOUT, APPEAL, PAPERS
from evalkit.archive.opened import Opened
from evalkit.base.errors import InputError
from evalkit.base.text import _
from evalkit.log import chain
from evalkit.log.events import Event
from evalkit.record.compared import Findings


def check_appeal(bag: Opened, about: Mapping[str, Any], found: Findings) -> None:
    """Find what does not hold of the appeal that the bag speaks of; nothing where it does not."""
    told = about.get("appeal")
    if not told:
        return
    name = f"{PAPERS}/{APPEAL}"
    try:
        lines = (bag.payload / name).read_text("utf-8").splitlines()
        events = [Event(**json.loads(line)) for line in lines]
        first, last = events[0].payload, events[-1].payload
        said = {name: first[name] for name in ("number", "root", "bag")}
        said["outcome"] = last.get("outcome", "refused")
        holds = last.get("root", first["root"])  # of the round that was reopened, where one was
        chain.verify(events)
    except InputError as error:
        found.wrong.append(_("{name}：{text}", name=name, text=error.problems[0].text))
        return
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        found.wrong.append(_("{name} 读不懂，被改过", name=name))
        return
    if holds != about["root"] or said != told:
        text = _("{name} 说的不是 {list} 登记的那件异议，或不是这一次锁定", name=name, list=ABOUT)
        found.wrong.append(text)
        return
    text = _("异议（{number}）的 {n} 步记录条条前后相接，说的就是这一次锁定", n=len(events))
    found.holds.append(text.filled(number=told["number"]))
