"""The papers of one order, filled: the notice and the reply."""

from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts.reading import bureau
from webapp.documents.form_shapes import Edition
from webapp.documents.paper import Line, Paper, Stack, Table, Text
from webapp.documents.supervision_forms import NOTICE, REPLY
from webapp.pages.order import ItemRow, OrderPage
from webapp.pages.paper_making import day_words
from webapp.rules import NotFound

_EDITION = Edition.REVIEW
_OUTCOMES = {"pass": "已整改，复核通过", "fail": "复核未通过", "": "待复核"}


def order_stack(session: Session, page: OrderPage, name: str) -> Stack:
    """Return a paper of an order by its name; raise NotFound for another."""
    own = bureau(session)
    if name == NOTICE.name:
        paper, layout, title = _notice(page, own.name if own else ""), NOTICE.layout, NOTICE.title
    elif name == REPLY.name:
        paper, layout, title = _reply(page), REPLY.layout, REPLY.title
    else:
        raise NotFound
    moment = clock.now().astimezone(clock.CHINA)
    printed = f"{day_words(moment.date())} {moment:%H:%M}"
    return Stack(f"{title} {page.document or page.id}", layout, (paper,), printed)


def _notice(page: OrderPage, own: str) -> Paper:
    rows = tuple(
        NOTICE.row(
            _EDITION,
            {
                "place": item.position,
                "fact": f"{item.fact}{f'（{item.power}）' if item.power else ''}",
                "basis": item.basis,
                "result": item.result or page.measures,
            },
        )
        for item in page.items
    )
    until = f"，至{day_words(page.due)}止" if page.due else "，自送达次日起算"
    blocks = (
        Line(f"{page.section}：", page.document or "文号："),
        Text("", ("经监督检查，你科室存在下列问题，请按要求整改。",)),
        Table(NOTICE.headings(_EDITION), rows),
        Text("一、整改要求", tuple(page.measures.split("\n"))),
        Text("二、整改期限", (f"{page.limit}{until}。确需延期的，在期限届满前书面申请。",)),
        Text("三、报告要求", ("整改完成后填写《整改回执》，逐条附佐证材料，报领导小组办公室复核。",)),
        Line(f"责任人：{page.responsible or '科室负责人'}", f"联系人：{page.contact or '领导小组办公室'}"),
        Line(own, day_words(page.issued_on) if page.issued_on else "　　年　月　日"),
    )
    return Paper(NOTICE.title, (*blocks, *NOTICE.sign_line(_EDITION)), "", page.words)


def _reply(page: OrderPage) -> Paper:
    rows = tuple(REPLY.row(_EDITION, _answered(item)) for item in page.items)
    blocks = (
        REPLY.grid({"document": page.document, "section": page.section}),
        Table(REPLY.headings(_EDITION), rows),
    )
    return Paper(REPLY.title, (*blocks, *REPLY.sign_line(_EDITION)), "", page.words)


def _answered(item: ItemRow) -> dict[str, str | int]:
    last = item.said[-1] if item.said else None
    told: dict[str, str | int] = {"place": item.position, "fact": item.fact}
    if last is None:
        return told
    outcome = _OUTCOMES[last.result] + (f"：{last.reason}" if last.result == "fail" else "")
    return {
        **told,
        "done": last.done,
        "done_on": day_words(last.done_on) if last.done_on else "",
        "outcome": outcome,
        "responsible": last.responsible,
        "evidence": last.evidence,
    }
