"""Write the material of a demo panel: a made-up application in a small PDF, always the same.

    python panels/make_material.py [FILE]

Needs the font of the reports, of which only the characters used are embedded. The pages are what
`anhui-application-demo/statements.csv` refers to.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import weasyprint
from fontTools import subset, ttLib

FILE = Path(__file__).parent / "anhui-application-demo" / "material" / "a1.pdf"

PAGES = [
    ("示例县甲申报书（虚构）", ["本文件为演示材料，内容均为虚构。", "第 1 页 概况"]),
    (
        "二、算力服务",
        [
            "已建公共算力平台 1 个，企业按用量付费。",
            "去年服务企业 120 家，平均响应 2 个工作日。",
            "补贴标准：每家每年不超过 5 万元。",
        ],
    ),
    (
        "三、机构与监测",
        [
            "成立专班，专职人员 6 名，由分管负责人牵头。",
            "按季度汇总企业应用情况，报表见附件。",
        ],
    ),
]

STYLE = """
@page { size: A5; margin: 18mm 16mm;
  @bottom-center { content: counter(page) ' / ' counter(pages); font-size: 8pt } }
body { font: 11pt/1.8 Few } h1 { font-size: 15pt }
section + section { break-before: page }
"""


def main(file: Path = FILE) -> None:
    """Write ``file``."""
    pages = "".join(
        f"<section><h1>{title}</h1>{''.join(f'<p>{line}</p>' for line in lines)}</section>"
        for title, lines in PAGES
    )
    with tempfile.TemporaryDirectory() as folder:
        font = Path(folder) / "few.otf"
        few(f"{pages}0123456789 /", font)
        face = f"@font-face {{ font-family: Few; src: url({font.as_uri()}) }}"
        head = f"<title>{PAGES[0][0]}</title><style>{face}{STYLE}</style>"
        text = f"<html lang='zh-CN'><head>{head}</head><body>{pages}</body>"
        file.parent.mkdir(parents=True, exist_ok=True)
        weasyprint.HTML(string=text).write_pdf(file, pdf_identifier=b"evalkit-demo")


def few(text: str, file: Path) -> None:
    """Write a font with the characters of ``text`` alone: a whole one has some ten megabytes."""
    asked = ["fc-match", "--format=%{file}:%{index}", "Noto Serif CJK SC"]
    found = subprocess.run(asked, capture_output=True, text=True, check=True).stdout  # noqa: S603
    path, _colon, number = found.rpartition(":")
    options = subset.Options(desubroutinize=True, recalc_timestamp=False, notdef_outline=True)
    whole = ttLib.TTFont(path, fontNumber=int(number), recalcTimestamp=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=text)
    subsetter.subset(whole)
    whole.save(file)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
