"""Signatures by the SSH key of whoever is responsible, made and checked by OpenSSH's ssh-keygen.

Anybody can write a bag with right digests; only the holder of the key can sign one. What is signed
is the tag manifest, which has the digest of everything else [SSHSIG]_.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from evalkit.archive.layout import NAMESPACE, SIGNATURE, SIGNERS, TAGMANIFEST
from evalkit.base.errors import InputError, Problem
from evalkit.base.text import Text, _
from evalkit.record.compared import Findings

PROGRAM = "ssh-keygen"

IDENTITY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,127}")
"""What a signer may be called: one word for OpenSSH's list of signers."""


@dataclass(frozen=True)
class Signer:
    """Who signs: the file of the ``key``, and the ``identity`` under which it is listed."""

    key: Path
    identity: str

    def line(self) -> str:
        """The signer's line in a list of allowed signers. Raises InputError for what is no key."""
        beside = self.key.with_name(f"{self.key.name}.pub")
        if self.key.suffix == ".pub":
            beside = self.key
        if beside.exists():
            public = beside.read_text("utf-8", "replace")
        else:
            public = _run("-y", "-f", str(self.key), about=self.key).stdout.decode()
        parts = public.split()
        if len(parts) < 2:
            raise InputError(Problem(_("不是 SSH 密钥"), str(self.key)))
        return f'{self.identity} namespaces="{NAMESPACE}" {parts[0]} {parts[1]}\n'


def signer(key: Path, identity: str) -> Signer:
    """Who signs with the ``key`` as ``identity``.

    Raises InputError without ssh-keygen, without such a file and for an identity of several words.
    """
    _program()
    if not key.is_file():
        raise InputError(Problem(_("没有这个密钥文件"), str(key)))
    if not IDENTITY.fullmatch(identity):
        text = _("签名人“{name}”须是一个词：字母、数字和 . _ @ + -", name=identity)
        raise InputError(text)
    found = Signer(key, identity)
    found.line()
    return found


def sign(bag: Path, who: Signer) -> None:
    """Sign the tag manifest of ``bag``. Raises InputError as ssh-keygen refuses."""
    (bag / SIGNATURE).unlink(missing_ok=True)
    _run("-Y", "sign", "-n", NAMESPACE, "-f", str(who.key), str(bag / TAGMANIFEST), about=who.key)


def check(bag: Path, signers: Path | None, on: date | None, found: Findings) -> None:
    """Find out whether ``bag`` is signed by one who is listed, on the day ``on`` that it names.

    ``signers`` is a list of allowed signers that does not come from the bag; None takes the bag's
    own.
    """
    listed = signers or bag / SIGNERS
    if not (bag / SIGNATURE).exists() and (bag / SIGNERS).exists():
        text = _("签名 {file} 不见了：签名人名单 {list} 还在", file=SIGNATURE, list=SIGNERS)
        found.wrong.append(text)
    elif not ((bag / SIGNATURE).exists() and (bag / TAGMANIFEST).exists()):
        text = _("没有签名：能改文件的人可以改了内容、重算全部摘要值，看不出来")
        found.unknown.append(text)
    elif shutil.which(PROGRAM) is None:
        found.unknown.append(_("有签名，但这里没有 ssh-keygen，核对不了"))
    elif not listed.is_file():
        found.wrong.append(_("有签名，没有签名人名单 {name}", name=SIGNERS))
    elif (key := _fits(bag)) is None:
        found.wrong.append(_("签名与 {name} 不符：签名之后改过", name=TAGMANIFEST))
    else:
        _check_signer(bag, listed, key, on, found)
        if signers is None:
            text = _(
                "签名用的密钥 {key} 是谁的，请与签名人另行公布的核对（或用 --signers 给出名单）"
            )
            found.unknown.append(text.filled(key=key))


def _check_signer(bag: Path, listed: Path, key: str, on: date | None, found: Findings) -> None:
    then = [] if on is None else ["-O", f"verify-time={on:%Y%m%d}"]
    who, why = _who(bag, listed, then)
    values = {"who": who, "key": key, "file": listed.name, "day": on}
    if who:
        found.holds.append(_signed(found).filled(**values))
        if "expired" in _who(bag, listed, [])[1]:
            text = _("这把密钥现在已经过期；它在档案写明的日期 {day} 还有效，这个日期没有旁证")
            found.unknown.append(text.filled(**values))
    elif "expired" in why:
        found.wrong.append(_("签名的密钥 {key} 在 {day} 已经过期", **values))
    elif "not yet valid" in why:
        found.wrong.append(_("签名的密钥 {key} 在 {day} 还没有生效", **values))
    else:
        text = _("签名的密钥 {key} 不在签名人名单 {file} 中：换过签名，或换过名单", **values)
        found.wrong.append(text)


def _signed(found: Findings) -> Text:
    """A signature holds of the lists; what was found of the files so far is not as they say."""
    if all(text in found.harmless for text in found.wrong):
        return _("签名相符：签名人 {who}，密钥 {key}")
    return _(
        "签名是 {who} 的（密钥 {key}），签的是清单；上面所列的文件已经与签过的清单不符，"
        "签名保证不了它们"
    )


def _fits(bag: Path) -> str | None:
    """The fingerprint of the key that signed the tag manifest as it is; None where none did."""
    done = _asked(bag, "check-novalidate", "-n", NAMESPACE)
    key = re.search(r"SHA256:\S+", done.stdout.decode("utf-8", "replace"))
    return key[0] if done.returncode == 0 and key else None


def _who(bag: Path, listed: Path, when: list[str]) -> tuple[str, str]:
    """Under which name ``listed`` lets the signer sign; else none, and what ssh-keygen says."""
    done = _asked(bag, "find-principals", "-f", str(listed), *when)
    names = done.stdout.decode("utf-8", "replace").split()
    if done.returncode == 0 and names:
        whole = ["-f", str(listed), "-I", names[0], "-n", NAMESPACE, *when]
        if _asked(bag, "verify", *whole).returncode == 0:
            return names[0], ""
    return "", done.stderr.decode("utf-8", "replace")


def _asked(bag: Path, what: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = [_program(), "-Y", what, "-s", str(bag / SIGNATURE), *arguments]
    with (bag / TAGMANIFEST).open("rb") as content:
        return subprocess.run(command, stdin=content, capture_output=True, check=False)  # noqa: S603


def _program() -> str:
    found = shutil.which(PROGRAM)
    if found is None:
        text = _(
            "签名要用 OpenSSH 的 ssh-keygen，这里没有；在 Debian 上：apt-get install openssh-client"
        )
        raise InputError(text)
    return found


def _run(*arguments: str, about: Path) -> subprocess.CompletedProcess[bytes]:
    done = subprocess.run([_program(), *arguments], capture_output=True, check=False)  # noqa: S603
    if done.returncode != 0:
        why = done.stderr.decode("utf-8", "replace").strip().splitlines()
        text = _("ssh-keygen 不能用这个密钥（{why}）", why=why[-1] if why else "?")
        raise InputError(Problem(text, str(about)))
    return done
