"""What lies in a bag, described for machines: an RO-Crate 1.1 [ROC11]_ that is a Process Run Crate.

The crate says what was made (results, analysis, reports), from what (the round), with what
(evalkit), for whom and when. Its times are those of the lock and of the runs, so that the same
round gives the same crate.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from evalkit.archive.bag import predecessor
from evalkit.archive.evidence import Piece
from evalkit.archive.layout import (
    ABOUT,
    ANALYSIS,
    CODE,
    CRATE,
    EVIDENCE,
    PAPERS,
    REPORTS,
    RESULT,
    RESULTS,
    ROUND,
    WHEELHOUSE,
)
from evalkit.base.version import VERSION

PROFILE = "https://w3id.org/ro/wfrun/process/0.5"

DESCRIBED = {
    ABOUT: ("档案的内容和摘要值", "application/json"),
    RESULTS: ("正式结果", "application/json"),
    ANALYSIS: ("稳健性分析，只供参考", "application/json"),
    EVIDENCE: ("没有装进来的佐证材料的摘要值", "text/plain"),
    RESULT: ("本单位报告所依据的内容", "application/json"),
    f"{ROUND}/": ("锁定的评审工作文件夹：指标体系、评审组、评分日志", ""),
    f"{REPORTS}/": ("出具的报告", ""),
    f"{PAPERS}/": ("纪要和其他文件", ""),
    f"{CODE}/": ("evalkit 本身、所装的文件、锁定的依赖、运行环境", ""),
    f"{WHEELHOUSE}/": ("重算所需的程序包", ""),
}
"""What may lie in the payload, what it is called, and its media type."""

MADE = (RESULTS, ANALYSIS, f"{REPORTS}/")
LICENCE = "仅供本次评审及其复核、申诉使用；公开以公示的内容为限。"


def write_crate(
    payload: Path, about: Mapping[str, Any], ended: str, left_out: Iterable[Piece] = ()
) -> None:
    """Write the description of ``payload``: ``about`` is what `ABOUT` says, ``ended`` the time of
    the last run, ``left_out`` the evidence that lies elsewhere. Raises ImportError without rocrate.
    """
    crate = _crate(about)
    parts = {
        name: _part(crate, name, *said)
        for name, said in DESCRIBED.items()
        if (payload / name).exists()
    }
    _action(crate, parts, about, ended)
    if elsewhere := [_elsewhere(crate, one) for one in left_out]:
        parts[f"{ROUND}/"]["mentions"] = elsewhere
    content = crate.metadata.generate()
    content["@graph"].sort(key=lambda entity: str(entity["@id"]))
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    (payload / CRATE).write_text(text + "\n", "utf-8")


def _crate(about: Mapping[str, Any]) -> Any:
    from rocrate.model import ContextEntity
    from rocrate.rocrate import ROCrate

    crate = ROCrate(version="1.1")
    crate.name = about["title"]
    crate.description = about["description"]
    crate.datePublished = datetime.fromisoformat(about["locked_at"])
    licence = {"@type": "CreativeWork", "name": "使用范围", "description": LICENCE}
    crate.license = crate.add(ContextEntity(crate, "#licence", properties=licence))
    profile = {"@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"}
    crate.root_dataset["conformsTo"] = crate.add(ContextEntity(crate, PROFILE, properties=profile))
    if before := predecessor(about):
        stands = about["root"] == (about.get("appeal") or {}).get("root")
        name = "提出异议时的档案" if stands else "被取代的一轮的档案"
        said = {"@type": "CreativeWork", "name": name, "identifier": before}
        earlier = crate.add(ContextEntity(crate, f"urn:sha256:{before}", properties=said))
        crate.root_dataset["isBasedOn"] = earlier
    return crate


def _part(crate: Any, name: str, said: str, media: str) -> Any:
    from rocrate.model import Dataset, File

    if media:
        properties = {"name": said, "encodingFormat": media}
        return crate.add(File(crate, dest_path=name, properties=properties))
    return crate.add(Dataset(crate, dest_path=name, properties={"name": said}))


def _elsewhere(crate: Any, one: Piece) -> Any:
    from rocrate.model import ContextEntity

    said = {
        "@type": "CreativeWork",
        "name": one.name,
        "contentSize": str(one.size),
        "identifier": f"urn:sha256:{one.sha256}",
    }
    return crate.add(ContextEntity(crate, f"#{quote(one.name)}", properties=said))


def _action(crate: Any, parts: Mapping[str, Any], about: Mapping[str, Any], ended: str) -> None:
    from rocrate.model import ContextEntity

    software = {
        "@type": "SoftwareApplication",
        "name": "evalkit",
        "softwareVersion": " ".join(filter(None, (VERSION, about["evalkit"]["commit"]))),
        "description": "专家评审工作台",
    }
    tool = crate.add(ContextEntity(crate, f"urn:evalkit:{VERSION}", properties=software))
    panel = {"@type": "Organization", "name": about["panel"]["title"]}
    agent = crate.add(ContextEntity(crate, "#panel", properties=panel))
    properties = {
        "@type": "CreateAction",
        "name": "汇总评分，出具报告",
        "description": "由锁定的评分记录算出正式结果和分析，由结果出具报告",
        "endTime": ended,
        "actionStatus": {"@id": "http://schema.org/CompletedActionStatus"},
    }
    action = crate.add(ContextEntity(crate, "#reports", properties=properties))
    action["instrument"], action["agent"] = tool, agent
    action["object"] = [p for name, p in parts.items() if name in (f"{ROUND}/", RESULT)]
    action["result"] = [p for name, p in parts.items() if name in MADE]
    crate.root_dataset["mentions"] = action
