"""The page that a stranger opens first: what the bag is, and how to check it without evalkit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from evalkit.archive import wheel
from evalkit.archive.bag import predecessor
from evalkit.archive.layout import (
    APPLICANT,
    CODE,
    EVIDENCE,
    LOCK,
    MANIFEST,
    NAMESPACE,
    PAYLOAD,
    SIGNATURE,
    SIGNERS,
    TAGMANIFEST,
    WHEELHOUSE,
)
from evalkit.base.terms import instant
from evalkit.base.text import LANGUAGES, Text, _
from evalkit.reports.journal import LEVELS

VALIDATE = (
    "rocrate-validator validate --profile-identifier process-run-crate"
    " --requirement-severity required"
)

WITHIN: Mapping[str, tuple[Text, ...]] = {
    "round": (
        _(
            "`data/round/`：锁定的评审工作文件夹：指标体系、评审组和规则、"
            "评分日志（`log.jsonl` 是它的文字）"
        ),
        _("`data/results.json`：正式结果；`data/analysis.json`：稳健性分析，只供参考"),
        _("`data/reports/`：出具的报告，按给谁看分开；`reports.jsonl` 是每份的摘要值"),
        _("`data/papers/`：纪要和其他文件"),
    ),
    "applicant": (
        _("`data/result.json`：本单位报告所依据的全部内容：本单位的得分，和不指明是谁的总体统计"),
        _("`data/reports/applicant/`：本单位的报告"),
        _("`data/rubric/`：公布的指标体系"),
    ),
}
"""What lies in the payload, by the kind of bag."""

COMMON = (
    _("`data/code/`：所用的 evalkit、所装文件的摘要值、锁定的依赖、运行环境"),
    _("`data/ro-crate-metadata.json`、`data/archive.json`：给程序读的说明"),
)

OUTCOMES = {"kept": _("维持"), "changed": _("变更"), "refused": _("不予受理")}
"""How an appeal may have ended."""

TAKEN = _(
    "名次和总体统计照原样采用：算它们要用到其他单位的得分，这里没有。"
    "由这份档案能重做的，是本单位的报告。"
)


@dataclass(frozen=True)
class Readme:
    """The page of the bag that says this ``about`` itself; ``identity`` is who signs it, empty for
    nobody; ``wheels`` whether it has what a re-run needs to be installed.
    """

    about: Mapping[str, Any]
    identity: str
    wheels: bool

    def written(self) -> bytes:
        """The page, Chinese first."""
        pages = ("".join(f"{line}\n" for line in self._lines(lang)) for lang in LANGUAGES)
        return "\n---\n\n".join(pages).encode()

    def _lines(self, language: str) -> Iterator[str]:
        for text in self._texts():
            yield text.render(language) if isinstance(text, Text) else text

    def _texts(self) -> list[Text | str]:
        return [
            _("# 评审档案：{title}", title=self.about["title"]),
            "",
            _("（后半页是英文。The second half of this page is in English.）"),
            "",
            *_facts(self.about),
            "",
            _("## 里面有什么"),
            "",
            *self._within(),
            "",
            _("## 不用 evalkit 怎么核对"),
            "",
            _("在这个文件夹里运行；都是别人做的通用工具，哪一条出错，它会指出是哪个文件。"),
            "",
            *_commands(self.identity),
            _("摘要值相符，只说明与清单一致：能改文件的人也能重算清单。"),
            _SIGNED if self.identity else _UNSIGNED,
            "",
            _("## 用 evalkit 核对和重算"),
            "",
            *_again(self._offline()),
        ]

    def _within(self) -> Iterator[Text]:
        lines = [*WITHIN[self.about["kind"]], *COMMON]
        if told := self.about.get("evidence"):
            text = _(
                "`data/{name}`：{n} 份佐证材料的摘要值，原件不在里面；拿到原件，在评审工作文件夹里"
                "用 `sha256sum --check` 核对"
            )
            lines.append(text.filled(name=EVIDENCE, n=told["files"]))
        if self.wheels:
            lines.append(_("`data/wheelhouse/`：重算要用的程序包，不必联网"))
        for line in lines:
            yield _("- {line}", line=line)
        if missing := [LEVELS[level] for level in self.about["missing"]]:
            yield _("- 没有出具过、因而不在里面的报告：{levels}", levels=missing)

    def _offline(self) -> str:
        return f"--no-index --find-links {PAYLOAD}/{WHEELHOUSE} " if self.wheels else ""


_SIGNED = _("所以还要看签名，并把密钥与签名人另行公布的核对；根哈希与签字盖章的纪要核对。")
_UNSIGNED = _("这份档案没有签名，所以请把上面的根哈希与签字盖章的纪要核对。")


def _facts(about: Mapping[str, Any]) -> Iterator[Text]:
    values = {"title": about["panel"]["title"], "id": about["panel"]["id"]}
    yield _("- 评审：{title}（{id}）", **values)
    if about["kind"] == APPLICANT:
        yield _("- 交给：{name}（{id}）", **about["applicant"])
        yield _("- {line}", line=TAKEN)
    yield _("- 锁定：{at}", at=instant(about["locked_at"]))
    yield _("- 根哈希（也写在签字盖章的纪要上）：`{root}`", root=about["root"])
    yield _("- 正式结果的摘要值：`{digest}`", digest=about["results"])
    if about["supersedes"]:
        text = _("- 复核后的结果，取代结果摘要值为 `{results}` 的一轮（根哈希 `{root}`）")
        yield text.filled(**about["supersedes"])
    if told := about.get("appeal"):
        text = _("- 异议：{number}，{outcome}；异议、决定和每一步的记录在 `data/papers/`")
        yield text.filled(number=told["number"], outcome=OUTCOMES[told["outcome"]])
    if before := predecessor(about):
        text = _("- 前一份档案：其 `{name}` 的 SHA-256 是 `{bag}`，用 `sha256sum` 核对")
        yield text.filled(name=TAGMANIFEST, bag=before)


def _commands(identity: str) -> Iterator[Text | str]:
    """Each of the others' tools: what it checks, and the command."""
    yield _("1. 文件齐全、没有改过（BagIt；`pip install bagit`）；没有输出就是相符：")
    yield from _block("bagit.py --validate --quiet .")
    yield _(
        "2. 同样的摘要值，用系统自带的程序；没有输出就是相符"
        "（macOS 上是 `shasum -a 256 --check --quiet`）："
    )
    yield from _block(f"sha256sum --check --quiet {MANIFEST} {TAGMANIFEST}")
    yield _(
        "3. 给程序读的说明完整、合乎规范（RO-Crate；`pip install roc-validator`）；应当说 valid："
    )
    yield from _block(f"{VALIDATE} {PAYLOAD}")
    yield _(
        "   要在断网时运行：联网时先运行一次 `rocrate-validator cache warm --all-profiles "
        "--cache-path 缓存`，此后加上 `--offline --cache-path 缓存`。它说 `URLError` 或 "
        "`is not available in the HTTP cache`，是没有取到规范，什么也没有核对，不是档案有错。"
    )
    yield ""
    if identity:
        yield _("4. 签名（OpenSSH 8.2 以上）；应当说 Good，并写出签名人：")
        who = f"-f {SIGNERS} -I {identity} -n {NAMESPACE}"
        yield from _block(f"ssh-keygen -Y verify {who} -s {SIGNATURE} < {TAGMANIFEST}")


def _again(offline: str) -> Iterator[Text | str]:
    yield _("装上档案里的那一份 evalkit（Python 版本见 `data/code/environment.json`）：")
    lock = f"{PAYLOAD}/{CODE}/{LOCK}"
    yield from _block(
        "python -m venv ../again",
        f"../again/bin/pip install --require-hashes {offline}--requirement {lock}",
        f"../again/bin/pip install --no-deps {PAYLOAD}/{CODE}/{wheel.name()}",
        "../again/bin/evalkit verify .",
        "../again/bin/evalkit rerun .",
    )
    yield _(
        "`verify` 用白话说明核对了什么、什么核对不了；`rerun` 重算并逐项比较。都不改这里的文件。"
    )
    yield ""
    yield _(
        "有人提出异议：一步一步怎么办，见 evalkit 源码里的 `docs/appeal.md`；每一步的命令由 "
        "`../again/bin/evalkit appeal --help` 列出。办结以后存档，另要 bagit 和 rocrate："
        "`../again/bin/pip install 'evalkit[archive]'`。"
    )


def _block(*lines: str) -> Iterator[str]:
    yield from ("", "   ```sh", *(f"   {line}" for line in lines), "   ```", "")
