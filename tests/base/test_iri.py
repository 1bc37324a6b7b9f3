"""jsonschema without the second that the grammar of IRIs takes, and with its answers."""

from __future__ import annotations

import subprocess
import sys

ASKED = """
import sys
from evalkit.engine import pool
print("lark" in sys.modules)
import jsonschema
for text in ("https://例子.cn/甲", "no iri"):
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    print(jsonschema.Draft202012Validator({"format": "iri"}, format_checker=checker).is_valid(text))
import rfc3987_syntax
print(rfc3987_syntax.__file__ is not None)
"""


def test_the_grammar_of_iris_waits_until_it_is_asked() -> None:
    """What reads notebooks starts without it; whoever asks about an IRI gets the right answer."""
    said = subprocess.run([sys.executable, "-c", ASKED], check=True, capture_output=True, text=True)
    assert said.stdout.split() == ["False", "True", "False", "True"]
