"""The workbook in which powers of one category are listed by hand, column by column. Pure.

It is read back by `table_reading`; the category's own fields stand in columns of their own (`table_details`).
"""

from collections.abc import Sequence

from webapp.documents.fill_in import FillColumn, write_fill_in
from webapp.powers.categories import Category
from webapp.powers.fields import CODE, FIELDS, PUBLICATION_FORMS, PUBLICATION_SCOPES
from webapp.powers.shapes import UNITS, Field, Shape
from webapp.powers.table_details import EXAMPLE, TITLE_MARK, detail_heading
from webapp.powers.tables import NO, YES, limit_headings

_UNITS = tuple(label for _, label in UNITS)
_LISTED = "多项之间用分号隔开。"
_WIDE = {Shape.TEXT: 32, Shape.ROWS: 36, Shape.LINES: 26}
_CLOSED = frozenset({Shape.CHOICE, Shape.FLAG, Shape.SECTION})
_LEFT_OUT = frozenset({"details", "contact", "supervision_contact"})  # keys into the directory: chosen in the system
_EXAMPLES = {
    "name": "（示例，不导入）项目名称",
    "basis": "《水污染防治法》(2008年修订)第70条[法律·罚则];《行政处罚法》第38条",
    "duties": "受理岗|登记并告知;审批岗|提出意见",
    "fees": "排污费|排污费征收标准管理办法|每污染当量0.7元",
    "publication_forms": "政府门户网站;政务公开栏",
    "publication_time": "长期公开",
    "conditions": "具备什么条件才可以行使",
    "reference_date": "2008-07-01",
}


def template_workbook(category: Category, sections: Sequence[str]) -> bytes:
    """Return the template of a category as .xlsx; the same bytes for the same sections."""
    title = (
        f"{TITLE_MARK}{category.name}。一行填一项，红字的栏送审前必填；点到单元格会显示怎样填。"
        "灰色的示例行不会导入，可以删去。"
    )
    return write_fill_in(category.name, title, template_columns(category, sections))


def template_columns(category: Category, sections: Sequence[str]) -> list[FillColumn]:
    """Return the columns: a running number, the code, the fields in the contract's order, then the category's own."""
    columns = [
        FillColumn("序号", "可以不填。", example=EXAMPLE, width=6),
        FillColumn(CODE.heading, CODE.help, width=16),
    ]
    for each in FIELDS:
        if each.name not in _LEFT_OUT:
            columns += _columns(each, each.heading, category, sections)
    for each in category.details:
        columns += _columns(each, detail_heading(each), category, sections)
    return columns


def _columns(each: Field, heading: str, category: Category, sections: Sequence[str]) -> list[FillColumn]:
    if each.shape is Shape.LIMIT and heading == each.heading:
        number, rest = limit_headings(each)
        hint = f"{each.help}先写数字，下一栏写单位；起算点写在分号后，如“工作日;受理之日”。"
        return [
            FillColumn(number, hint, width=10, is_required=each.required),
            FillColumn(rest, "从列表中选单位，或写作“工作日;受理之日”。", _UNITS, width=16, is_closed=False),
        ]
    options, is_closed = _options(each, category, sections)
    example = category.name if each.name == "category" else _EXAMPLES.get(each.name, options[0] if options else "")
    return [
        FillColumn(
            heading,
            _hint(each),
            options,
            example,
            _WIDE.get(each.shape, 18),
            is_required=each.required,
            is_closed=is_closed,
        ),
    ]


def _options(each: Field, category: Category, sections: Sequence[str]) -> tuple[Sequence[str], bool]:
    """Return what to choose from, and whether nothing else may stand there."""
    named: dict[str, Sequence[str]] = {
        "category": (category.name,),
        "publication_forms": PUBLICATION_FORMS,
        "publication_scope": PUBLICATION_SCOPES,
    }
    if each.name in named:
        return named[each.name], each.name == "category"
    offered: dict[Shape, Sequence[str]] = {Shape.FLAG: (YES, NO), Shape.SECTION: sections, Shape.SECTIONS: sections}
    labels = tuple(label for _, label in each.options)
    return offered.get(each.shape, labels), each.shape in _CLOSED


def _hint(each: Field) -> str:
    hint = each.help
    if each.name == "basis":
        hint += "多条之间用分号隔开。"
    elif each.shape in {Shape.ROWS, Shape.GROUP}:
        parts = "|".join(part.heading for part in each.parts)
        hint += f"每项写作“{parts}”。" + (_LISTED if each.shape is Shape.ROWS else "")
    elif each.shape in {Shape.LINES, Shape.SECTIONS, Shape.FLOWS, Shape.CHOICES}:
        hint += _LISTED
    elif each.shape is Shape.LIMIT:
        hint += "写作“20工作日;受理之日”。"
    elif each.shape is Shape.DAY:
        hint += "写作“2008-07-01”。"
    return hint
