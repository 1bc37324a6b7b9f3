"""The line that an expert keeps of a submitted sheet."""

from __future__ import annotations

import pytest

from evalkit.base.errors import InputError
from evalkit.log.receipts import SheetReceipt

HASH, LOG = "0123456789abcdef" * 4, "f" * 32
LINE = f"evalkit-receipt/1 demo-2025 {LOG} e3 c01 27 {HASH}"


def test_a_receipt_is_one_line_that_reads_back() -> None:
    """Written and read it is the same; a copied line may have other white space."""
    receipt = SheetReceipt("demo-2025", LOG, "e3", "c01", 27, HASH)
    assert str(receipt) == LINE
    assert SheetReceipt.read(LINE) == receipt
    assert SheetReceipt.read(f"  {LINE.replace(' ', '  ')}\n") == receipt
    assert receipt.code == "01234-56789-ABCDE"


WRONG = [
    ("", "这不是回执"),
    (LINE.replace("/1", "/2"), "evalkit-receipt/1 开头"),
    (LINE.rpartition(" ")[0], "应有 7 段，这里有 6 段"),
    (LINE.replace("c01", "../c01"), "“../c01”不是标识"),
    (LINE.replace(LOG, "f" * 31), "应为 32 位"),
    (LINE.replace(" 27 ", " 0 "), "序号“0”"),
    (LINE.replace(" 27 ", " ٢ "), "序号"),
    (LINE.replace(HASH, HASH.upper()), "应为 64 位"),
]


@pytest.mark.parametrize(("line", "said"), WRONG)
def test_another_text_is_refused_with_the_part_that_is_wrong(line: str, said: str) -> None:
    """Whoever copied only half of it is told so."""
    with pytest.raises(InputError, match=said):
        SheetReceipt.read(line)
