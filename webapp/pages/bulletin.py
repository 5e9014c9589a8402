"""督查通报: what a quarter found and mended, drafted from the ledger, with the head of the journal under it."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts.reading import bureau
from webapp.documents.form_shapes import Edition
from webapp.documents.paper import Block, Line, Note, Paper, Row, Stack, Table, Text
from webapp.documents.supervision_forms import BULLETIN
from webapp.journal.models import JournalHead
from webapp.pages.ledger import LedgerRow, read_ledger
from webapp.pages.paper_making import day_words
from webapp.policy import Actor
from webapp.rules import RuleBroken

QUARTERS = (1, 2, 3, 4)
_YEARS = range(2000, 2101)
_NAMED = 8  # faults named in the text


def bulletin_stack(session: Session, year: int, quarter: int, *, viewer: Actor) -> Stack:
    """Return the bulletin of a quarter; the figures are those of the ledger as the viewer sees it."""
    if year not in _YEARS or quarter not in QUARTERS:
        raise RuleBroken("请选择年份和季度。", "quarter")
    first = date(year, 3 * quarter - 2, 1)
    last = (date(year + quarter // 4, 3 * quarter % 12 + 1, 1)) - timedelta(days=1)
    rows = [
        row
        for row in read_ledger(session, viewer)
        if first <= row.found_on <= last and row.state not in {"withdrawn", "drafted"}
    ]
    own = bureau(session)
    title = f"{year}年第{'一二三四'[quarter - 1]}季度督查通报"
    blocks: tuple[Block, ...] = (
        Line(own.name if own else "", day_words(clock.today())),
        Text("一、基本情况", (_overview(rows, first, last),)),
        Table(BULLETIN.headings(Edition.REVIEW), (*_by_section(rows), _whole(rows))),
        Text("二、存在的主要问题", tuple(_faults(rows)) or ("本季度没有发现需要通报的问题。",)),
        Text("三、下步要求", _demands(rows)),
        *_head(session),
        *BULLETIN.sign_line(Edition.REVIEW),
    )
    moment = clock.now().astimezone(clock.CHINA)
    printed = f"{day_words(moment.date())} {moment:%H:%M}"
    return Stack(title, BULLETIN.layout, (Paper(title, blocks, "", "代拟稿"),), printed)


def _overview(rows: Sequence[LedgerRow], first: date, last: date) -> str:
    sections = len({row.section_id for row in rows})
    done, late = sum(row.state == "closed" for row in rows), sum(row.late for row in rows)
    sources = "、".join(f"{words}{count}个" for words, count in Counter(row.source for row in rows).most_common())
    told = f"{day_words(first)}至{day_words(last)}，共发现问题{len(rows)}个，涉及{sections}个科室"
    return f"{told}{f'，其中{sources}' if sources else ''}。已整改完成{done}个，超期{late}个(含尚未完成的)。"


def _by_section(rows: Sequence[LedgerRow]) -> list[Row]:
    found: dict[str, list[LedgerRow]] = {}
    for row in rows:
        found.setdefault(row.section, []).append(row)
    return [BULLETIN.row(Edition.REVIEW, {"section": name, **_counts(own)}) for name, own in found.items()]


def _whole(rows: Sequence[LedgerRow]) -> Row:
    return BULLETIN.row(Edition.REVIEW, {"section": "合计", **_counts(rows)}, "total")


def _counts(rows: Sequence[LedgerRow]) -> dict[str, int]:
    return {
        "found": len(rows),
        "closed": sum(row.state == "closed" for row in rows),
        "open": sum(row.state in {"ordered", "confirmed", "upheld", "contested"} for row in rows),
        "late": sum(row.late for row in rows),
    }


def _faults(rows: Sequence[LedgerRow]) -> list[str]:
    grave = sorted(rows, key=lambda row: (row.severity != "严重", not row.late, row.id))
    told = [
        f"{place}.{row.section}：{row.fact.rstrip('。')}{'(重复发生)' if row.repeat_of else ''}，{row.words}。"
        for place, row in enumerate(grave[:_NAMED], 1)
    ]
    if len(grave) > _NAMED:
        told.append(f"其余{len(grave) - _NAMED}个问题见台账。")
    return told


def _demands(rows: Sequence[LedgerRow]) -> tuple[str, ...]:
    late = list(dict.fromkeys(row.section for row in rows if row.late and row.state != "closed"))
    told = ["各科室要对照通报的问题举一反三，开展自查，自查情况报领导小组办公室。"]
    if late:
        told.insert(0, f"{'、'.join(late)}的整改已经超期，应立即完成并报送整改回执。")
    return tuple(told)


def _head(session: Session) -> tuple[Note, ...]:
    """Return the head of the journal, to be kept on paper: what stood before it cannot be rewritten unseen (I20)."""
    head = session.get(JournalHead, 1)
    return (Note(f"操作日志留存：截至印发共{head.seq}条，末条校验值 {head.hash}"),) if head else ()
