"""An entry as a row of a spreadsheet: headings of the contract, lists joined with `;`, limits in two columns. Pure.

`row_of` and `body_of` are each other's inverse for every value a body may hold. Inside a cell `;` parts the items of a
list and `|` the parts of an item; where one of them stands in a text, a backslash stands before it. What people write
by hand is read by `table_reading`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from webapp.powers import categories
from webapp.powers.fields import BASIS_KINDS, BASIS_ROLES, CODE, FIELDS, Body, details_in_order
from webapp.powers.shapes import UNIT_LABELS, UNITS, Field, Shape

AT_ONCE = "当场"
YES, NO = "是", "否"
_UNIT_OF = {label: unit for unit, label in UNITS} | {
    "天": "day",
    "日历日": "day",
    "自然日": "day",
    "月": "month",
    "个工作日": "working_day",
}
_LIMIT = re.compile(r"(?P<n>[0-9]{1,7})?\s*(?P<unit>[^\s;0-9]*)\s*(?:;(?P<start>.*))?", re.DOTALL)
_BASIS = re.compile(
    r"《(?P<law>.*)》(?:\((?P<edition>.*)\))?(?P<article>[^()\[\]]*(?:\([^()]*\)[^()\[\]]*)*)\[(?P<tail>.*)\]"
)
_ESCAPED = re.compile(r"\\(.)")
_KINDS, _ROLES = dict(BASIS_KINDS), dict(BASIS_ROLES)


class CellRefused(ValueError):  # noqa: N818 - says what happened, like RuleBroken
    """A cell does not hold what its column asks for; the sentence says what it should hold."""


def headings() -> list[str]:
    """Return the headings of a row: code first, then the contract's order, a limit in two columns."""
    names = [CODE.heading]
    for field in FIELDS:
        names += limit_headings(field) if field.shape is Shape.LIMIT else [field.heading]
    return names


def limit_headings(field: Field) -> list[str]:
    """Return the two headings of a limit: its number; its unit and start."""
    return [f"{field.heading}(数)", f"{field.heading}(单位、起算)"]


def row_of(code: str, body: Mapping[str, Any]) -> list[str | int]:
    """Return an entry as a row in the order of `headings`."""
    row: list[str | int] = [code]
    for field in FIELDS:
        value = body[field.name]
        if field.shape is Shape.LIMIT:
            row += limit_cells(value)
        elif field.shape is Shape.DETAILS:
            row.append(details_cell(body["category"], value))
        else:
            row.append(cell_of(field, value))
    return row


def body_of(row: Sequence[str | int]) -> tuple[str, Body]:
    """Return (code, body) of a row that `row_of` wrote; raise CellRefused for one it did not."""
    cells = [str(cell) for cell in row]
    if len(cells) != len(headings()):
        raise CellRefused(f"应有{len(headings())}列,现有{len(cells)}列")
    code, place = cells[0], 1
    body: Body = {}
    for field in FIELDS:
        if field.shape is Shape.LIMIT:
            body[field.name] = limit_of(cells[place], cells[place + 1])
            place += 2
        else:
            category = body.get("category", "")
            is_details = field.shape is Shape.DETAILS
            body[field.name] = details_of(str(category), cells[place]) if is_details else value_of(field, cells[place])
            place += 1
    return code, body


def cell_of(field: Field, value: Any) -> str:  # noqa: ANN401 - JSON
    """Return a value as the text of one cell."""
    write = _CELLS.get(field.shape)
    return str(value) if write is None else write(field, value)


def _rows_cell(field: Field, rows: Sequence[Mapping[str, Any]]) -> str:
    one = _basis_text if field.name == "basis" else _parts_text
    return joined([one(field, row) for row in rows])


def _parts_text(field: Field, row: Mapping[str, Any]) -> str:
    """Return a row's parts as one text; optional parts at the end that it lacks are not written."""
    last = max(place for place, part in enumerate(field.parts) if not part.optional or part.name in row)
    return joined([cell_of(part, row[part.name]) if part.name in row else "" for part in field.parts[: last + 1]], "|")


def _limit_cell(_: Field, limit: Mapping[str, Any] | None) -> str:
    number, rest = limit_cells(limit)
    return f"{number}{rest}"


def _items_cell(_: Field, items: Sequence[str]) -> str:
    return joined(items)


# How each shape is written; the others as they are.
_CELLS: dict[Shape, Callable[[Field, Any], str]] = {
    Shape.CHOICE: Field.label,
    Shape.CHOICES: lambda field, values: joined([field.label(value) for value in values]),
    Shape.LINES: _items_cell,
    Shape.SECTIONS: _items_cell,
    Shape.FLOWS: _items_cell,
    Shape.FLAG: lambda _, value: YES if value else NO,
    Shape.LIMIT: _limit_cell,
    Shape.ROWS: _rows_cell,
    Shape.GROUP: _parts_text,
}


def value_of(field: Field, text: str) -> Any:  # noqa: ANN401, PLR0911 - JSON; one return for each shape
    """Return the value a cell holds; raise CellRefused where it holds no such value."""
    match field.shape:
        case Shape.CHOICE:
            return option_of(field, text)
        case Shape.CHOICES:
            return [option_of(field, item) for item in parted(text)]
        case Shape.LINES | Shape.SECTIONS | Shape.FLOWS:
            return parted(text)
        case Shape.FLAG:
            return flag_of(text)
        case Shape.NUMBER:
            return number_of(text)
        case Shape.LIMIT:
            return limit_of("", text)
        case Shape.ROWS if field.name == "basis":
            return [basis_of(field, item) for item in parted(text)]
        case Shape.ROWS:
            return [_row_value(field, item) for item in parted(text)]
        case Shape.GROUP:
            return _row_value(field, text)
        case _:
            return text


def joined(items: Sequence[str], mark: str = ";") -> str:
    """Return items in one text, parted by a mark; a backslash keeps a mark within an item from parting it."""
    text = mark.join(items)
    if "\\" not in text and text.count(mark) < len(items):
        return text
    return mark.join([item.replace("\\", "\\\\").replace(mark, f"\\{mark}") for item in items])


def parted(text: str, mark: str = ";") -> list[str]:
    """Return the items of a cell: `joined` taken apart; an empty cell holds none."""
    if not text:
        return []
    if "\\" not in text:
        return text.split(mark)
    items = [""]
    escaped = False
    for sign in text:
        if escaped or sign not in {"\\", mark}:
            items[-1] += sign
            escaped = False
        elif sign == mark:
            items.append("")
        else:
            escaped = True
    return items


def limit_cells(limit: Mapping[str, Any] | None) -> list[str | int]:
    """Return a limit as two cells: the number; unit and start as 工作日;受理之日."""
    if limit is None:
        return ["", ""]
    unit = UNIT_LABELS[limit["unit"]]
    return [limit["n"], f"{unit};{limit['start']}" if limit["start"] else unit]


def limit_of(number: str, rest: str) -> dict[str, Any] | None:
    """Return the limit of two cells, or of one (20工作日;受理之日, 当场 = 0); raise CellRefused without a unit."""
    text = f"{number.strip()}{rest}"
    if not text.strip():
        return None
    if text.startswith(AT_ONCE):
        _, _, start = text.partition(";")
        return {"n": 0, "unit": "working_day", "start": start}
    match = _LIMIT.fullmatch(text)
    unit = _UNIT_OF.get(match["unit"]) if match else None
    if match is None or match["n"] is None:
        raise CellRefused("时限应写作“20工作日;受理之日”的样子,当场办结的写“当场”")
    if unit is None:
        raise CellRefused("时限缺少单位,应写明工作日、日、个月、年或者小时")
    return {"n": int(match["n"]), "unit": unit, "start": match["start"] or ""}


def details_cell(category: str, details: Mapping[str, Any]) -> str:
    r"""Return a category's own fields as lines 违法行为=…; line breaks in a value are written \n."""
    found = categories.category(category)
    if found is None:
        return ""
    lines = (detail_line(field, details[field.name]) for field in found.details if field.name in details)
    return "\n".join(lines)


def detail_line(field: Field, value: Any) -> str:  # noqa: ANN401 - JSON
    r"""Return one of a category's own fields as its line 违法行为=…; line breaks in the value are written \n."""
    text = cell_of(field, value).replace("\\", "\\\\").replace("\n", "\\n")
    return f"{field.heading}={text}"


def details_of(category: str, text: str) -> dict[str, Any]:
    """Return a category's own fields from their lines; raise CellRefused for a heading the category does not have."""
    if not text.strip():
        return {}
    found = categories.category(category)
    if found is None:
        raise CellRefused("请先填写职权类别")
    by_heading = {field.heading: field for field in found.details}
    details = {}
    for line in text.split("\n"):
        heading, mark, cell = line.partition("=")
        field = by_heading.get(heading.strip())
        if field is None or not mark:
            raise CellRefused(f"“{found.name}”没有“{heading.strip()[:30]}”一项")
        plain = _ESCAPED.sub(lambda match: "\n" if match[1] == "n" else match[1], cell)
        try:
            details[field.name] = value_of(field, plain)
        except CellRefused as why:
            raise CellRefused(f"“{field.heading}”{why}") from None
    return details_in_order(found, details)


def option_of(field: Field, text: str) -> str:
    """Return the option a word stands for, by its label or its key; an empty cell is undecided."""
    word = text.strip()
    if not word or field.offers(word):
        return word
    for value, label in field.options:
        if word == label:
            return value
    shown = "、".join(label for _, label in field.options[:14])
    raise CellRefused(f"只能填:{shown}")


def flag_of(text: str) -> bool:
    """Return a yes or no."""
    word = text.strip().casefold()
    if word in {"是", "有", "√", "yes", "y", "1", "true", "应制图"}:
        return True
    if word in {"", "否", "无", "×", "no", "n", "0", "false", "不需制图"}:
        return False
    raise CellRefused("应填“是”或“否”")


def number_of(text: str) -> int:
    """Return a whole number."""
    word = text.strip()
    if not word:
        return 0
    if not re.fullmatch(r"[0-9]{1,7}", word):
        raise CellRefused("应为不小于0的整数")
    return int(word)


def basis_of(field: Field, text: str) -> dict[str, Any]:
    """Return a basis row from 《水污染防治法》(2008年修订)第70条[法律·罚则]; raise CellRefused for another spelling."""
    match = _BASIS.fullmatch(text)
    if match is None and "|" in text:
        return _row_value(field, text)
    if match is None:
        raise CellRefused("行使依据应写作“《水污染防治法》(2008年修订)第70条[法律·罚则]”的样子")
    kind, _, role = match["tail"].partition("·")
    return {
        "kind": option_of(field.parts[0], kind),
        "law": match["law"],
        "edition": match["edition"] or "",
        "article": match["article"],
        "role": option_of(field.parts[-1], role),
    }


def _basis_text(field: Field, row: Mapping[str, str]) -> str:
    law, edition, article = row["law"], row["edition"], row["article"]
    dated = f"({edition})" if edition else ""
    kind, role = _KINDS.get(row["kind"], row["kind"]), _ROLES.get(row["role"], row["role"])
    text = f"《{law}》{dated}{article}[{kind}·{role}]"
    match = _BASIS.fullmatch(text)
    if match and (match["law"], match["edition"] or "", match["article"]) == (law, edition, article):
        return text
    return _parts_text(field, row)  # brackets within brackets


def _row_value(field: Field, text: str) -> dict[str, Any]:
    cells = parted(text, "|") if text else [""]
    cells += [""] * (len(field.parts) - len(cells))
    if len(cells) != len(field.parts):
        raise CellRefused(f"每项应为“{'|'.join(part.heading for part in field.parts)}”")
    pairs = zip(field.parts, cells, strict=True)
    return {part.name: value_of(part, cell) for part, cell in pairs if cell or not part.optional}
