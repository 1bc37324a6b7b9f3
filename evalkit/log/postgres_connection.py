"""Connections to a PostgreSQL server, and what it says, in words for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.base.errors import InputError, Problem
from evalkit.base.text import Text, _
from evalkit.base.urls import Place

if TYPE_CHECKING:
    import psycopg

REFUSED = "EK001"
"""The state of what the schema itself refuses; the message is a key of `WHY`."""

_OPTIONS = "-c synchronous_commit=on -c lock_timeout=20s"
"""What is acknowledged is on the disk; nobody waits for ever for a transaction left open. What the
address gives as ``options`` comes behind."""

WHY = {
    "another author": _("这个账户不能以别人的名义登记"),
    "another kind": _("这个账户不能登记这一类记录"),
    "another root": _("锁定期间又有新的评分，请重新锁定"),
    "append-only": _("日志只能追加，不能改动"),
    "closed": _("现在不在公布的评分时间内，不收评分"),
    "locked": _("评分已锁定，不能再改"),
    "no applicant": _("评审组中没有这个评审对象"),
    "no field": _("没有这个可以打分的项目"),
    "no id": _("标识太长，或有不可显示的字符"),
    "no member": _("这个账户不是本评审组的成员"),
    "no payload": _("记录的内容不合格式"),
    "no points": _("分数不在允许的范围内，或不是最小单位的整数倍"),
    "not assigned": _("没有被分配评这个对象，或须回避"),
    "not taken back": _("这份评分表不能由本人收回，请评审秘书退回"),
    "not submitted": _("这份评分表没有提交，不必退回"),
    "quota": _("这个账户的记录已达上限，请联系评审秘书"),
    "submitted": _("这份评分表已经提交，不能再改"),
    "too long": _("文字太长，没有保存，请缩短"),
    "42501": _("这个账户没有权限"),
    "55P03": _("另一位的登记还没有结束，请稍后再试"),
    "40001": _("另一位的登记还没有结束，请稍后再试"),
    "40P01": _("另一位的登记还没有结束，请稍后再试"),
    "53100": _("数据库的磁盘空间已满"),
    "3F000": _("数据库里还没有评审，请先用 evalkit panel open 建立"),
    "25006": _("数据库现在只能读"),
}
"""The server's reasons in words; another one is said as the server says it."""


def why(error: Exception) -> Text | str:
    """Why the database refused, in words for people."""
    import psycopg

    state = getattr(error, "sqlstate", None)
    message = getattr(getattr(error, "diag", None), "message_primary", None) or str(error)
    if state == REFUSED:
        return WHY.get(message, message)
    if state in WHY:
        return WHY[state]
    if isinstance(error, psycopg.OperationalError):
        return _("连不上数据库，或连接断了：{said}", said=" ".join(str(error).split())[:200])
    return message


def connected(place: Place) -> psycopg.Connection:
    """A connection in which each statement is its own transaction. Raises InputError."""
    try:
        import psycopg
    except ImportError as error:
        text = _("没有安装 psycopg，请安装 evalkit[postgres]")
        raise InputError(Problem(text, place.shown)) from error
    try:
        given = psycopg.conninfo.conninfo_to_dict(place.conninfo)
        options = f"{_OPTIONS} {given.get('options', '')}"
        return psycopg.connect(
            place.conninfo,
            autocommit=True,
            options=options,
            connect_timeout=10,
            application_name="evalkit",
        )
    except psycopg.Error as error:
        problem = Problem(_("不能作为日志打开（{why}）", why=why(error)), place.shown)
        raise InputError(problem) from error
