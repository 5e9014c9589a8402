"""The close look at a value that fails its field's quick test: types, characters, lengths, told in sentences. Pure."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

from webapp.characters import FORBIDDEN
from webapp.powers.shapes import (
    LIMIT_KEYS,
    LONG,
    MAX_ROWS,
    SHORT,
    START,
    UNIT_LABELS,
    Field,
    FieldProblem,
    Shape,
    is_count,
)

_BREAK = re.compile(r"[\t\n]")
_SCHEME = re.compile(r"(?<![A-Za-z0-9+.-])([A-Za-z][A-Za-z0-9+.-]{1,20})://")
_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_NUMBER = re.compile(r"[A-Za-z0-9\u4e00-\u9fff][A-Za-z0-9\u4e00-\u9fff()\uff08\uff09-]{0,59}")


def check_value(field: Field, value: object, at: str = "") -> Iterable[FieldProblem]:
    """Tell what is wrong with a value; `at` is the name of the field in a form. Details are not looked into."""
    return () if field.accepts(value) else _CHECKS[field.shape](field, value, at or field.name)


def text_fault(text: str, *, several: bool, longest: int) -> str | None:
    """Return what is wrong with a text as the rest of a sentence that begins with the field's name, or None."""
    if found := FORBIDDEN.search(text):
        return f"含有不能保存的字符(U+{ord(found[0]):04X}，第{found.start() + 1}个字)，请删去后再保存。"
    if len(text) > longest:
        return f"最多{longest}字，现有{len(text)}字，请删减。"
    if not several and _BREAK.search(text):
        return "只能写在一行内，请删去换行和制表符。"
    for scheme in _SCHEME.findall(text):
        if scheme.lower() not in {"http", "https"}:
            return f"中的网址只能以http或https开头，请改正“{scheme}://”。"
    return None


def _check_line(field: Field, value: object, at: str) -> Iterator[FieldProblem]:
    return _check_text(field, value, at, longest=field.longest or SHORT)


def _check_long(field: Field, value: object, at: str) -> Iterator[FieldProblem]:
    return _check_text(field, value, at, longest=field.longest or LONG, several=True)


def _check_text(field: Field, value: object, at: str, *, longest: int, several: bool = False) -> Iterator[FieldProblem]:
    if not isinstance(value, str):
        yield FieldProblem(at, f"“{field.heading}”应为文字，请重新填写。")
    elif fault := text_fault(value, several=several, longest=longest):
        yield FieldProblem(at, f"“{field.heading}”{fault}")


def _check_lines(field: Field, value: object, at: str) -> Iterator[FieldProblem]:
    for index, item in enumerate(_items(value)):
        yield from _check_line(field, item, f"{at}-{index}")
        if isinstance(item, str) and not item.strip():
            yield FieldProblem(f"{at}-{index}", f"“{field.heading}”中有空行，请填写或删去。")
    yield from _check_list(field, value, at)


def _check_choice(field: Field, value: object, at: str) -> Iterator[FieldProblem]:
    if not isinstance(value, str) or (value and not field.offers(value)):
        yield FieldProblem(at, f"“{field.heading}”只能从所列选项中选择，请重新选择。")


def _check_choices(field: Field, value: object, at: str) -> Iterator[FieldProblem]:
    if any(not isinstance(item, str) or not field.offers(item) for item in _items(value)):
        yield FieldProblem(at, f"“{field.heading}”只能从所列选项中选择，请重新选择。")
    yield from _check_list(field, value, at)


def _check_flag(field: Field, value: object, at: str) -> Iterator[FieldProblem]:
    if not isinstance(value, bool):
        yield FieldProblem(at, f"“{field.heading}”应为是或否，请重新选择。")


def _check_count(field: Field, value: object, at: str) -> Iterator[FieldProblem]:
    if not is_count(value):
        yield FieldProblem(at, f"“{field.heading}”应为不小于0的整数，请改正。")


def _check_rows(field: Field, value: object, at: str) -> Iterator[FieldProblem]:
    for index, item in enumerate(_items(value)):
        yield from _check_object(field, item, f"{at}-{index}", f"第{index + 1}行")
    yield from _check_list(field, value, at)


def _check_group(field: Field, value: object, at: str) -> Iterator[FieldProblem]:
    return _check_object(field, value, at, "")


def _check_contact(field: Field, value: object, at: str) -> Iterator[FieldProblem]:
    if not isinstance(value, str) or (value and not _KEY.fullmatch(value)):
        yield FieldProblem(at, f"“{field.heading}”应从通讯目录中选择，请重新选择。")


def _check_flows(field: Field, value: object, at: str) -> Iterator[FieldProblem]:
    if any(not isinstance(item, str) or not _NUMBER.fullmatch(item) for item in _items(value)):
        yield FieldProblem(at, f"“{field.heading}”只能由字母、数字和短横线组成，请核对图号。")
    yield from _check_list(field, value, at)


def _check_day(field: Field, value: object, at: str) -> Iterator[FieldProblem]:
    if not _is_day(value):
        yield FieldProblem(at, f"“{field.heading}”应写作2008-07-01的样子，请核对日期。")


def _check_details(field: Field, value: object, at: str) -> Iterator[FieldProblem]:
    if not isinstance(value, dict):
        yield FieldProblem(at, f"“{field.heading}”的内容不完整，请重新填写。")


def _check_list(field: Field, value: object, at: str) -> Iterator[FieldProblem]:
    if not isinstance(value, list):
        yield FieldProblem(at, f"“{field.heading}”应为若干项，请重新填写。")
    elif len(value) > MAX_ROWS:
        yield FieldProblem(at, f"“{field.heading}”最多{MAX_ROWS}项，现有{len(value)}项，请删减。")
    elif field.shape in _ONCE and len(set(map(str, value))) != len(value):
        yield FieldProblem(at, f"“{field.heading}”中有重复的项，请删去一项。")


_ONCE = frozenset({Shape.SECTIONS, Shape.FLOWS, Shape.CHOICES})


def _check_limit(field: Field, value: object, at: str) -> Iterator[FieldProblem]:
    if value is None:
        return
    if not isinstance(value, dict) or value.keys() != LIMIT_KEYS:
        yield FieldProblem(at, f"“{field.heading}”应写明数字、单位和起算点，请重新填写。")
        return
    if not is_count(value["n"]):
        yield FieldProblem(f"{at}-n", f"“{field.heading}”的数字应为不小于0的整数(当场办结写0)，请改正。")
    if value["unit"] not in UNIT_LABELS:
        yield FieldProblem(f"{at}-unit", f"“{field.heading}”缺少单位，请选择工作日、日、月等单位。")
    yield from check_value(START, value["start"], f"{at}-start")


def _check_object(field: Field, value: object, at: str, row: str) -> Iterator[FieldProblem]:
    if not isinstance(value, dict):
        yield FieldProblem(at, f"“{field.heading}”{row}的内容不完整，请重新填写。")
        return
    names = {part.name for part in field.parts}
    needed = {part.name for part in field.parts if not part.optional}
    if wrong := sorted(map(str, (value.keys() - names) | (needed - value.keys()))):
        yield FieldProblem(at, f"“{field.heading}”{row}的栏目与规定不符({_named(wrong)})，请按表中栏目填写。")
        return
    for part in field.parts:
        if part.name not in value:
            continue
        for problem in check_value(part, value[part.name], f"{at}-{part.name}"):
            yield FieldProblem(problem.field, f"“{field.heading}”{row}：{problem.sentence}")


def _named(names: Sequence[str]) -> str:
    shown = "、".join(re.sub(r"[^A-Za-z0-9_\u4e00-\u9fff-]", "?", name)[:40] for name in names[:3])
    return f"{shown}等{len(names)}项" if len(names) > 3 else shown  # noqa: PLR2004 - three names are enough


def _items(value: object) -> list[object]:
    return value[: MAX_ROWS + 1] if isinstance(value, list) else []


def _is_day(value: object) -> bool:
    if not isinstance(value, str):
        return False
    if not value:
        return True
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


_CHECKS: dict[Shape, Callable[[Field, object, str], Iterator[FieldProblem]]] = {
    Shape.LINE: _check_line,
    Shape.TEXT: _check_long,
    Shape.LINES: _check_lines,
    Shape.CHOICE: _check_choice,
    Shape.CHOICES: _check_choices,
    Shape.FLAG: _check_flag,
    Shape.NUMBER: _check_count,
    Shape.LIMIT: _check_limit,
    Shape.ROWS: _check_rows,
    Shape.GROUP: _check_group,
    Shape.SECTION: _check_line,
    Shape.SECTIONS: _check_lines,
    Shape.CONTACT: _check_contact,
    Shape.FLOWS: _check_flows,
    Shape.DAY: _check_day,
    Shape.DETAILS: _check_details,
}
