"""What came in through forms and tables of findings and orders, as values; a sentence where it cannot be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from webapp.findings.checking import ItemFeedback, ItemResult
from webapp.findings.order_stages import ROOT_CAUSES, Event
from webapp.findings.ordering import Decision, OrderGiven
from webapp.rules import RuleBroken

_MAX_DIGITS = 9
HEADINGS = {
    "position": ("序号", "问题序号"),
    "done": ("整改情况", "整改措施和结果", "整改措施"),
    "root_cause": ("原因", "问题原因"),
    "evidence": ("佐证", "佐证材料"),
    "responsible": ("责任人", "责任岗位"),
    "done_on": ("完成日期", "完成时间"),
}
_REQUIRED = ("position", "done")
_CAUSES = {words: key for key, words in ROOT_CAUSES.items()} | {key: key for key in ROOT_CAUSES}


@dataclass(frozen=True)
class Given:
    """A form as it came in: all values by name."""

    values: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def get(self, name: str) -> str:
        """Return the first value of a name."""
        found = self.values.get(name)
        return found[0] if found else ""

    def all(self, name: str) -> Sequence[str]:
        """Return all values of a name."""
        return self.values.get(name, ())


def number_of(text: str, name: str, missing: str = "", *, default: int | None = None) -> int:
    """Return a whole number typed into a field; raise RuleBroken where there is none."""
    text = text.strip()
    if not text and default is not None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS):
        raise RuleBroken(missing or "请填写整数。", name)
    return int(text)


def day_of(text: str, name: str) -> date:
    """Return a day typed into a field; raise RuleBroken where it is none."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise RuleBroken("请填写日期，写作2008-07-01的样子。", name) from None


def order_given(form: Given) -> OrderGiven:
    """Return what the form of an order says."""
    findings = [number_of(text, "finding", "所选问题无法识别，请刷新页面后重新选择。") for text in form.all("finding")]
    return OrderGiven(
        findings=findings,
        title=form.get("title"),
        measures=form.get("measures"),
        responsible=form.get("responsible"),
        contact=form.get("contact"),
        limit_n=number_of(form.get("limit_n"), "limit_n", "请填写整改期限。"),
        limit_unit=form.get("limit_unit") or "working_day",
        results={number: form.get(f"result-{number}") for number in findings},
    )


def decision_of(form: Given, items: Sequence[int]) -> Decision:
    """Return the act a form asks for; `items` are those still open, whose fields the form has."""
    event = form.get("event")
    seen = form.get("seen_version")
    return Decision(
        event=event,
        note=form.get("note"),
        document=form.get("document"),
        n=number_of(form.get("n"), "n", "请填写天数。", default=0),
        feedback=_feedback(form, items) if event == Event.FEEDBACK else {},
        results=_results(form, items) if event in {Event.ACCEPT, Event.REJECT} else {},
        seen_version=number_of(seen, "seen_version", "缺少版本号，未办理。请刷新页面后再试。") if seen else None,
        request_key=form.get("request_key") or None,
    )


def feedback_of_table(rows: Sequence[Sequence[str]], positions: Mapping[int, int]) -> dict[int, ItemFeedback]:
    """Return feedback from a table by the number of the fault; `positions`: number on the order → item.

    The row of headings comes first. Raises RuleBroken naming the row.
    """
    columns = _columns(rows)
    found: dict[int, ItemFeedback] = {}
    for number, cells in enumerate(rows[1:], 2):
        told = {name: cells[at].strip() if at < len(cells) else "" for name, at in columns.items()}
        if not any(told.values()):
            continue
        text = told["position"]
        if not (text.isascii() and text.isdigit()) or int(text[:_MAX_DIGITS]) not in positions:
            raise RuleBroken(f"第{number}行的序号在本通知待整改的问题中没有，请核对。", "file")
        item = positions[int(text)]
        if item in found:
            raise RuleBroken(f"第{number}行的序号重复，请核对。", "file")
        cause = told.get("root_cause", "")
        if cause and cause not in _CAUSES:
            raise RuleBroken(f"第{number}行的原因应为：{'、'.join(ROOT_CAUSES.values())}。", "file")
        done_on = told.get("done_on", "")
        found[item] = ItemFeedback(
            done=told["done"],
            root_cause=_CAUSES.get(cause, "work"),
            evidence=told.get("evidence", ""),
            responsible=told.get("responsible", ""),
            done_on=day_of(done_on[:10], "file") if done_on else None,
        )
    return found


def _columns(rows: Sequence[Sequence[str]]) -> dict[str, int]:
    heads = [cell.strip() for cell in rows[0]] if rows else []
    columns = {
        name: next(at for at, cell in enumerate(heads) if cell in words)
        for name, words in HEADINGS.items()
        if any(cell in words for cell in heads)
    }
    if lacking := [HEADINGS[name][0] for name in _REQUIRED if name not in columns]:
        raise RuleBroken(f"表头中没有“{'”“'.join(lacking)}”一栏，请用本页提供的表格填写。", "file")
    return columns


def _feedback(form: Given, items: Sequence[int]) -> dict[int, ItemFeedback]:
    told = {}
    for item in items:
        day = form.get(f"done_on-{item}")
        told[item] = ItemFeedback(
            done=form.get(f"done-{item}"),
            root_cause=form.get(f"root_cause-{item}"),
            evidence=form.get(f"evidence-{item}"),
            responsible=form.get(f"responsible-{item}"),
            done_on=day_of(day, f"done_on-{item}") if day.strip() else None,
        )
    return told


def _results(form: Given, items: Sequence[int]) -> dict[int, ItemResult]:
    method = form.get("method") or "document"
    return {
        item: ItemResult(form.get(f"result-{item}") == "pass", form.get(f"reason-{item}"), method)
        for item in items
        if form.get(f"result-{item}")
    }
