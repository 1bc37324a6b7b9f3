"""What a secretary has before the first command: a notice in Word and lists in Excel, made up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import docx
import openpyxl

ROWS = [
    ("一、产业发展（40分）", "1.1", "主营业务收入（亿元）", "15", "定量"),
    ("", "1.2", "集聚企业（家）", "10", "定量"),
    ("", "1.3", "产业链完整度", "10", "定性"),
    ("", "1.4", "龙头企业带动", "5", "定性"),
    ("二、创新能力（30分）", "2.1", "研发投入", "10", "定性+定量"),
    ("", "2.2", "创新平台", "10", "定性"),
    ("", "2.3", "成果转化", "10", "定性"),
    ("三、服务保障（30分）", "3.1", "公共服务", "10", "定性"),
    ("", "3.2", "绿色安全", "10", "定性"),
    ("", "3.3", "运营管理", "10", "定性"),
]
GUIDANCE = {
    "1.1": "年度主营业务收入达到100亿元得满分，每少5亿元扣1分，扣完为止。",
    "1.2": "企业达到30家得满分，每少1家扣0.5分，扣完为止。",
    "2.1": "研发投入强度达到5%得6分，每少1个百分点扣1.5分；管理制度由专家评审，最高4分。",
}
BESIDE = [
    ("加分项", "国家级荣誉和试点", "6", "每项加2—3分，最高6分。"),
    ("扣分项", "弄虚作假", "-10", "每项扣5分，最多扣10分。"),
]
PARKS = ["云湖示例园", "东泽示例园", "北岭示例园", "南浦示例园", "江汇示例园", "石桥示例园"]
EXPERTS = ["周示例", "李示例", "陈示例", "王示例", "赵示例", "孙示例", "吴示例"]


def write_notice(file: Path) -> None:
    """The notice, with its table of ten indicators, merged as offices merge them."""
    document: Any = docx.Document()
    document.add_paragraph("关于开展2026年度先进计算产业园区评价工作的通知")
    document.add_paragraph("评价结果分为优秀、良好、合格、不合格四个等次。")
    document.add_paragraph("先进计算产业园区评价指标体系")
    heads = ["一级指标", "序号", "二级指标", "分值", "指标性质", "评分标准"]
    table = document.add_table(rows=1, cols=len(heads))
    for cell, text in zip(table.rows[0].cells, heads, strict=True):
        cell.text = text
    for row in ROWS:
        cells = table.add_row().cells
        if not row[0]:
            cells[0].merge(table.cell(len(table.rows) - 2, 0))
        for cell, text in zip(cells, (*row, GUIDANCE.get(row[1], "由专家评审。")), strict=True):
            cell.text = text or cell.text.strip()
    for name, item, points, words in BESIDE:
        cells = table.add_row().cells
        cells[0].merge(cells[1]).text = name
        cells[2].text, cells[3].text, cells[5].text = item, points, words
    document.add_paragraph("注：1.评价年度为2025年。2.主营业务收入以统计部门数据为准。")
    document.save(str(file))


def write_lists(folder: Path) -> None:
    """Experts, applicants and claims, without ids."""
    experts = [[n, "成员" if i else "组长", f"示例单位{i}"] for i, n in enumerate(EXPERTS)]
    experts[5][2] = "东泽示例公司"
    _write(folder / "专家名单.xlsx", ["姓名", "角色", "工作单位"], experts)
    parks = [[name, name.replace("园", "公司"), name[:2] + "市"] for name in PARKS]
    _write(folder / "园区名单.xlsx", ["名称", "牵头单位", "地市"], parks)
    claims = [[PARKS[0], "国家级示例试点", "国家级", "附件 3"]]
    _write(folder / "加分申报.xlsx", ["评审对象", "成果", "级别", "佐证材料"], claims)


def _write(file: Path, head: list[str], rows: list[list[str]]) -> None:
    book = openpyxl.Workbook()
    for row in (head, *rows):
        book.active.append(row)
    book.save(file)


def fill_scores(file: Path) -> None:
    """Every expert gives each applicant four fifths of what an indicator takes, or less."""
    book = openpyxl.load_workbook(file)
    for _expert, applicant, _indicator, wanted, points, _reason in book.active.iter_rows(2):
        most = float(str(wanted.value).split(" 至 ")[1].split()[0])
        share = 0.8 - 0.1 * PARKS.index(applicant.value)
        points.value = int(most * share * 2) / 2
    book.save(file)


def fill_office(file: Path) -> None:
    """Values, a bonus and deductions; one value is not there yet."""
    values = {"主营业务收入": "87.5亿元", "集聚企业": "26", "研发投入": "4.1%"}
    book = openpyxl.load_workbook(file)
    for row in book.active.iter_rows(2):
        kind, item, value, basis = (row[n] for n in (2, 4, 7, 8))
        value.value = values.get(item.value) or ("3" if kind.value == "加分" else "0")
        basis.value = "核对原件，第 3 页"
        if row[1].value == PARKS[-1] and item.value == "研发投入":
            value.value = "没有数据"
    book.save(file)
