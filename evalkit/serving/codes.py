"""Invite codes: made at random, read as people type them, and stored only as hashes.

A code is twelve characters of Crockford's Base32 (https://www.crockford.com/base32.html), shown in
groups of four. The first group only finds the invite; the other two, 40 random bits, are the
secret, of which scrypt (RFC 7914) is stored. Guessing is held back by `access.Access`.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUP, LENGTH = 4, 12

_ALIKE = str.maketrans("ILO", "110")
_BETWEEN = str.maketrans("", "", " -‐‑–—－_")


def new_code(finder: str = "") -> str:
    """A new code in capitals without separators; ``finder`` is the first group, else random."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - len(finder)))
    return finder + drawn


def shown(code: str) -> str:
    """A code as it is printed: ``K7QM-9XTP-R3WD``."""
    return "-".join(code[n : n + GROUP] for n in range(0, len(code), GROUP))


def read_code(typed: str) -> str | None:
    """The code that a person typed: full-width, small letters, O for 0, any separators or none.

    None for what cannot be a code.
    """
    plain = unicodedata.normalize("NFKC", typed[:64]).upper().translate(_BETWEEN)
    code = plain.strip().translate(_ALIKE)
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else None


def finder_of(code: str) -> str:
    """The group that finds the invite and proves nothing."""
    return code[:GROUP]


def hashed(code: str, salt: bytes) -> bytes:
    """What is stored of a code: 32 bytes of scrypt, about 50 ms and 16 MiB of work."""
    return hashlib.scrypt(code.encode(), salt=salt, n=2**14, r=8, p=1, dklen=32)


def matches(code: str, salt: bytes, stored: bytes) -> bool:
    """Whether ``code`` is the one of which ``stored`` was kept, in the same time whether or not."""
    return hmac.compare_digest(hashed(code, salt), stored)
