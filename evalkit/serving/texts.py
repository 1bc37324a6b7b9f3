"""What the server says: on its own pages, around the form, and where something is wrong."""

from __future__ import annotations

from collections.abc import Mapping

from evalkit.base.text import Text, _
from evalkit.serving.people import ROLES, VIEWS, Notebook, Person

TAGS = {"zh": "zh-CN", "en": "en"}
"""The language of a page as browsers call it."""

ERRORS: Mapping[int, Text] = {
    400: _("这个请求服务器看不懂"),
    403: _("这一页不是给您的；请用您自己的登录进入"),
    404: _("没有这一页"),
    405: _("这一页不能这样打开"),
    500: _("服务器出错了，已经保存的不受影响；请刷新页面，还不行就找评审秘书"),
}

NO_CODE = _("邀请码是 12 个字母和数字，写在邀请函上，形如 K7QM-9XTP-R3WD")
DENIED: Mapping[str, Text] = {
    "wrong": _("这个邀请码不对，或已经失效。请对照邀请函再输一次，或请评审秘书重发一张"),
    "often": _("试的次数太多，15 分钟后再试；着急请找评审秘书重发一张邀请函"),
}

_OWN: Mapping[str, Text] = {
    "login": _("登录"),
    "intro": _("请输入邀请函上的邀请码。它只属于您本人，请不要转给别人"),
    "code": _("邀请码"),
    "enter": _("进入"),
    "known": _("您已经登录：{name}"),
    "go_on": _("继续"),
    "other": _("换一个人登录"),
    "logout": _("退出登录"),
    "really": _("退出后，这台电脑上要重新输入邀请码才能进入。已经保存的评分不受影响"),
    "stay": _("返回"),
    "back": _("回到首页"),
    "help": _("没有邀请函、邀请码失效了，请找评审秘书"),
}

_AROUND: Mapping[str, Text] = {
    "opening": _("正在打开……"),
    "gone": _("连不上服务器，正在重试。已经输入的留在这台电脑上，连上后自动保存；请不要关闭这一页"),
    "dead": _("程序重新启动了，正在重新打开这一页，已经输入的都会保留"),
    "again": _("程序几次都没有启动成功，过一会儿自动再试；请告诉评审秘书。已经保存的不受影响"),
    "replaced": _("这份表已经在另一个窗口打开，这里不再保存新的输入"),
    "login_lost": _("登录已经失效，重新登录后，已经输入的会继续保存"),
    "failed": _("这一页没有打开：服务器读不了本轮的文件。请告诉评审秘书，原因写在服务器的窗口里"),
    "retry": _("现在重试"),
    "here": _("改在这里继续"),
    "log_in": _("重新登录"),
    "logout": _("退出登录"),
}


def of(language: str) -> dict[str, str]:
    """The texts of the server's own pages."""
    return {key: translated(text, language) for key, text in _OWN.items()}


def translated(text: Text, language: str) -> str:
    """``text`` in ``language`` with its places still open."""
    from evalkit.base.text import translations

    return translations(language).gettext(text.message)


def tab(person: Person, notebook: Notebook, title: str, language: str) -> str:
    """The title of a notebook's page: what it is, whose, and of which panel."""
    return " · ".join((VIEWS[notebook].render(language), person.name, title))


def page(person: Person, notebook: Notebook, language: str) -> dict[str, object]:
    """What a notebook's page says around the form, and where else its person may go."""
    links = [
        {
            "path": "sheet" if other == "score_sheet" else "board",
            "name": VIEWS[other].render(language),
        }
        for other in person.notebooks
        if other != notebook
    ]
    who = f"{person.name}（{ROLES[person.role].render(language)}）"
    return {
        "texts": {key: text.render(language) for key, text in _AROUND.items()},
        "links": links,
        "who": who if language == "zh" else who.replace("（", " (").replace("）", ")"),
    }
