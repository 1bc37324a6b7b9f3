"""Arguments and options that several commands take."""

from __future__ import annotations

from datetime import date
from typing import Any

import typer

from evalkit.base.errors import InputError
from evalkit.base.text import Text, _


def _argument(help: Text, default: Any = ...) -> Any:
    return typer.Argument(default, help=str(help))


def _option(help: Text, default: Any = ..., *names: str) -> Any:
    return typer.Option(default, *names, help=str(help))


FOLDER = _argument(_("评审工作文件夹，或数据库的地址（postgresql://）"))
MAYBE_FOLDER = _argument(_("评审工作文件夹，或数据库的地址（postgresql://）"), None)
RUBRIC_NAME = _argument(_("指标体系文件，或随 evalkit 附带的标识，如 henan-centre-2025"))
RUBRIC = _option(_("指标体系文件"), None)
PANEL = _option(_("评审组文件"), None, "--panel")
SCORES = _option(_("评分表 CSV、Excel 或 Parquet：applicant,expert,indicator,points,reason"), None)
ENCODING = _option(_("评分表的编码，如 utf-8、gbk"), "utf-8")
SHEET = _option(_("评分表是 Excel 时，用哪一张工作表"), None)
CANONICAL = _option(_("输出规范 JSON（RFC 8785）"), False, "--json")
JSON = _option(_("输出 JSON，供其他程序使用"), False, "--json")
TRIAL = _option(_("锁定前试算，结果注明不作为正式结果"), False)
EXPERT = _option(_("专家标识"))
APPLICANT = _option(_("评审对象的标识"))
STANDING = _argument(_("资格登记文件 standing.yaml，或它所在的文件夹"))
BY = _option(_("谁作出的：登记文件 persons 中的标识或姓名"), ..., "--by")
DAY = _option(_("作出的日期，如 2026-07-01；不写为今天"), None, "--day")
APPLICANT_OF = _option(_("哪一对象"), None, "--applicant")
REISSUE = _option(_("换掉锁定之后已经出具的，写明理由；理由记在 papers.jsonl"), "", "--reissue")
REASON = _option(_("理由，记入日志"))


def day(text: str, option: str = "--on") -> date:
    """The day given with an ``option``."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        found = _("{option}：“{value}”不是日期，请写成 2026-01-12", option=option, value=text)
        raise InputError(found) from None
