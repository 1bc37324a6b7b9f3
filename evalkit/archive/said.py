"""What people call the files of a bag."""

from __future__ import annotations

from pathlib import PurePosixPath

from evalkit.archive.layout import (
    ABOUT,
    ANALYSIS,
    CODE,
    CRATE,
    ENVIRONMENT,
    EVENTS,
    EVIDENCE,
    INSTALLED,
    LOCK,
    PAPERS,
    REPORTS,
    RESULT,
    RESULTS,
    ROUND,
    WHEELHOUSE,
)
from evalkit.base.text import Text, _
from evalkit.panel.statements import MATERIAL
from evalkit.record.begin import LOG_FILE, PANEL_FILE
from evalkit.record.successor import FOLDER as PREDECESSOR
from evalkit.reports import journal, papers, provenance

ALONE = {
    ABOUT: _("档案的说明"),
    CRATE: _("给程序读的说明"),
    RESULTS: _("正式结果"),
    ANALYSIS: _("稳健性分析"),
    EVIDENCE: _("佐证材料的摘要值"),
    RESULT: _("本单位报告所依据的内容"),
    f"{CODE}/{INSTALLED}": _("所装文件的摘要值"),
    f"{CODE}/{LOCK}": _("锁定的依赖"),
    f"{CODE}/{ENVIRONMENT}": _("运行环境"),
    f"{ROUND}/{PANEL_FILE}": _("评审组和规则"),
    f"{ROUND}/{LOG_FILE}": _("评分日志"),
    f"{ROUND}/{EVENTS}": _("评分日志的文字"),
}

BELOW = {
    f"{ROUND}/{PREDECESSOR}/": _("前一轮的记录"),
    f"{ROUND}/{MATERIAL}/": _("佐证材料"),
    f"{PAPERS}/": _("纪要等文件"),
    f"{WHEELHOUSE}/": _("重算要用的程序包"),
    f"{CODE}/": _("evalkit 程序"),
    f"{ROUND}/": _("指标体系或名单"),
    "rubric/": _("指标体系"),
}


def called(path: str) -> Text:
    """What a file of the payload is, by its path in the bag."""
    inside = PurePosixPath(path).relative_to("data")
    name = inside.as_posix()
    if name in ALONE:
        return ALONE[name]
    if inside.name == papers.FILE and inside.parts[0] in (PAPERS, REPORTS):
        return _("文件的登记")
    if inside.parts[0] == REPORTS:
        return _report(inside)
    return next((what for start, what in BELOW.items() if name.startswith(start)), _("不认得"))


def _report(inside: PurePosixPath) -> Text:
    if inside.name == journal.FILE:
        return _("报告的登记")
    if inside.name == provenance.FILE:
        return _("出报告时的情况")
    if inside.suffix == ".html":
        return _("{id} 的报告页面", id=inside.stem)
    if inside.suffix == ".ipynb":
        return _("{id} 的报告笔记本", id=inside.stem)
    return _("报告文件夹里的文件")
