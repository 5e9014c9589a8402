"""How the fields of a category are written down: short makers of fields, and what several categories share. Pure."""

from webapp.powers.shapes import Audience, Field, Shape


def line(name: str, heading: str, *suggested: str, required: bool = False, help_: str = "") -> Field:
    """Make a field of one line; usual words may be offered."""
    return Field(name, heading, Shape.LINE, required=required, suggested=suggested, help=help_)


def text(name: str, heading: str, *, required: bool = False, help_: str = "") -> Field:
    """Make a field of several lines."""
    return Field(name, heading, Shape.TEXT, required=required, help=help_)


def lines(name: str, heading: str, *suggested: str, required: bool = False) -> Field:
    """Make a list of lines; usual ones are ticked, others written."""
    return Field(name, heading, Shape.LINES, required=required, suggested=suggested)


def flag(name: str, heading: str) -> Field:
    """Make a yes or no."""
    return Field(name, heading, Shape.FLAG)


def count(name: str, heading: str) -> Field:
    """Make a whole number."""
    return Field(name, heading, Shape.NUMBER)


def one_of(name: str, heading: str, *words: str, required: bool = False) -> Field:
    """Make a choice of one word."""
    return Field(name, heading, Shape.CHOICE, options=tuple((word, word) for word in words), required=required)


def inside(name: str, heading: str, shape: Shape = Shape.TEXT) -> Field:
    """Make a field that stays inside: about what is not settled or not published."""
    return Field(name, heading, shape, Audience.INTERNAL)


def rows(name: str, heading: str, *parts: Field, required: bool = False, help_: str = "") -> Field:
    """Make a table of rows."""
    return Field(name, heading, Shape.ROWS, parts=parts, required=required, help=help_)


def group(name: str, heading: str, *parts: Field, required: bool = False) -> Field:
    """Make values that stand together."""
    return Field(name, heading, Shape.GROUP, parts=parts, required=required)


def spare(part: Field) -> Field:
    """Make a part that a row may lack; older entries do."""
    return Field(part.name, part.heading, part.shape, options=part.options, suggested=part.suggested, optional=True)


def materials(*, required: bool = False) -> Field:
    """Make the table of what an applicant hands in."""
    return rows(
        "materials",
        "申请材料",
        line("name", "材料名称"),
        line("form", "原件或者复印件"),
        count("copies", "份数"),
        line("source", "来源"),
        flag("required", "必须提交"),
        line("note", "说明"),
        spare(line("type", "材料类型")),
        spare(one_of("medium", "载体", "纸质", "电子", "纸质或者电子")),
        spare(line("blank", "空白表")),
        spare(line("sample", "示例")),
        spare(line("filling", "填报须知")),
        spare(line("exempt", "可以免交的情形")),
        required=required,
        help_="逐件列明，不写“其他材料”。",
    )


ACCEPTANCE = group(
    "acceptance",
    "受理",
    line("place", "受理地点"),
    line("mode", "受理方式"),
    Field("limit", "受理时限", Shape.LIMIT),
)
PART_PUBLIC = inside("part_public", "可以公开的部分")
REVIEW_CYCLE = inside("review_cycle", "评估周期", Shape.LINE)
