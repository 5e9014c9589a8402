"""The papers of numbers: 表2 and the report of a section, its nil return, 表3 of the bureau."""

from collections.abc import Mapping, Sequence

from webapp import clock
from webapp.campaigns.counting import DIRECTIONS, Sums, by_category, matrix
from webapp.campaigns.report import NIL, PARTS, TRUTH
from webapp.documents.form_shapes import Edition
from webapp.documents.paper import NONE, Block, Cell, Heading, Line, Note, Paper, Row, Table, Text, filled, total_of
from webapp.pages.paper_items import Item
from webapp.pages.paper_making import NUMERALS, Making, counted_of, day_words, identity
from webapp.powers.categories import CATEGORIES, category_label


def section_summary(making: Making) -> Paper:
    """Return 表2: a section's numbers by category, external and internal apart, with subtotals."""
    form, edition, items = making.form, making.edition, making.powers()
    rows: list[Row] = []
    for numeral, (direction, words) in zip(NUMERALS, DIRECTIONS, strict=False):
        tallies = by_category((item.counted for item in items), direction)
        whole = counted_of([item for item in items if item.counted.direction == direction])
        rows.append(Row((f"{numeral}、{words}({whole.total}项)",), "group"))
        for key, counted in tallies.items():
            rows.append(form.row(edition, {"category": category_label(key), **counted.cells()}))
        rows.append(form.row(edition, {"category": "小计", **whole.cells()}, "total"))
    whole = counted_of(items)
    rows.append(form.row(edition, {"category": "合计", **whole.cells()}, "total"))
    blocks: list[Block] = [making.head(), Table(form.headings(edition), tuple(rows))]
    if edition is Edition.REVIEW:
        return making.paper((*blocks, identity(whole), *making.unseen()))
    return making.paper(blocks)


def bureau_summary(making: Making) -> Paper:
    """Return 表3: sections against categories, external then internal, sums of rows and columns."""
    items = making.powers()
    counts = matrix(item.counted for item in items)
    held = {(direction, key) for _, direction, key in counts}
    columns = [
        (direction, category.key)
        for direction, _ in DIRECTIONS
        for category in CATEGORIES
        if category.direction == direction or (direction, category.key) in held
    ]
    is_review = making.edition is Edition.REVIEW
    rows = []
    for section in making.sections:
        own = [item for item in items if item.section == section.id]
        if own or section.is_working:
            rows.append((section.name, _matrix_cells(own, columns, {k: counts[section.id, *k] for k in columns})))
    lines = [Row((n, name, *_edition_cells(cells, making.edition)), "row") for n, (name, cells) in enumerate(rows, 1)]
    sums = total_of([cells for _, cells in rows]) if rows else (0,) * (len(columns) + 6)
    lines.append(Row((NONE, "合计", *_edition_cells(sums, making.edition)), "total"))
    whole = counted_of(items)
    blocks: list[Block] = [making.head(), Table(_matrix_headings(columns, making.edition), tuple(lines))]
    if is_review:
        return making.paper((*blocks, identity(whole), *making.unseen()))
    return making.paper(blocks)


def section_report(making: Making, written: Mapping[str, str]) -> Paper:
    """Return the report of a section: five parts, figures from the count, the rest as written or as the facts say."""
    items = making.powers()
    facts = _report_facts(making, items, counted_of(items))
    parts = []
    for key, heading, _ in PARTS:
        given = written.get(key, "").strip()
        paragraphs: Sequence[str] = given.split("\n") if given else facts[key]
        if given and key == "results":  # what was written never replaces the figures: they are the count's
            paragraphs = (*paragraphs, *facts[key])
        parts.append(Text(heading, tuple(filled(each) for each in paragraphs)))
    name = making.section.name if making.section else ""
    end = Text("", (TRUTH,))
    return making.paper((*parts, end, Line("", f"{name}　{day_words(clock.today())}")))


def nil_return(making: Making, bases: Mapping[str, str]) -> Paper:
    """Return 零报告: the categories of which a section reported that it holds nothing, with the basis it named."""
    held = {item.category for item in making.powers()}
    name = making.section.name if making.section else ""
    rows = [
        making.form.row(
            making.edition,
            {
                "section": name,
                "category": category.name,
                "statement": NIL,
                "basis": bases[category.key],
            },
        )
        for category in CATEGORIES
        if category.key in bases and category.key not in held
    ]
    if not rows:
        return making.paper((making.head(), Note("本科室没有作零报告。在科室报送材料中登记零报告后，由此打印。")))
    table = Table(making.form.headings(making.edition), tuple(rows))
    return making.paper((making.head(), table, Note(f"共{len(rows)}类。")))


def _matrix_cells(
    own: Sequence[Item], columns: Sequence[tuple[str, str]], counts: Mapping[tuple[str, str], int]
) -> tuple[int, ...]:
    """Return a section's numbers: external and internal with sums, the whole, by openness."""
    cells: list[int] = []
    for direction, _ in DIRECTIONS:
        numbers = [counts[column] for column in columns if column[0] == direction]
        cells += [*numbers, sum(numbers)]
    whole = counted_of(own)
    return (*cells, whole.total, whole.public, whole.bureau, whole.withheld)


def _edition_cells(cells: Sequence[int], edition: Edition) -> Sequence[Cell]:
    """Return the cells of an edition: what is not public is not even counted in a public one."""
    return cells if edition is Edition.REVIEW else cells[:-3]


def _matrix_headings(columns: Sequence[tuple[str, str]], edition: Edition) -> tuple[Heading, ...]:
    headings = [Heading("序号", 11, "centre"), Heading("科室", 36)]
    for direction, words in DIRECTIONS:
        over = {"external": "外部职权", "internal": "内部职权"}.get(direction, words)
        headings += [Heading(category_label(key), 17, "centre", over) for place, key in columns if place == direction]
        headings.append(Heading("小计", 14, "centre", over))
    headings.append(Heading("合计", 15, "centre"))
    if edition is Edition.REVIEW:
        headings += [Heading(words, 16, "centre", "公开情况") for words in ("社会公开", "内部公开", "不公开")]
    return tuple(headings)


def _report_facts(making: Making, items: Sequence[Item], whole: Sums) -> dict[str, tuple[str, ...]]:
    """Return each part of the report as the facts say it."""
    name = making.section.name if making.section else making.bureau
    order = f"按照{making.document}文件要求，" if making.document else ""
    shown = [item for item in items if item.body is not None]
    faults = [item for item in shown if item.verdict in {"missing", "overreach"}]
    withheld = [item for item in shown if item.disclosure in {"pending", "withheld"}]
    by_direction = {key: counted_of([i for i in items if i.counted.direction == key]).total for key, _ in DIRECTIONS}
    groups = "、".join(
        f"{category_label(key)}{counted.total}项"
        for direction, _ in DIRECTIONS
        for key, counted in by_category((item.counted for item in items), direction).items()
    )
    return {
        "organisation": (f"{order}{name}对照法律、法规、规章和职责规定，对行使的职权逐项进行了清理和登记。",),
        "results": (
            f"共清理职权{whole.total}项，其中对外职权{by_direction['external']}项、对内职权{by_direction['internal']}项。"
            + (f"按类别分：{groups}。" if groups else ""),
            (
                f"职责到位{whole.in_place}项，不到位{whole.missing}项，越位{whole.overreach}项；"
                f"拟保留{whole.kept}项，取消{whole.dropped}项，调整{whole.adjusted}项。"
            ),
            (
                f"社会公开{whole.public}项，机关内部公开{whole.bureau}项，不公开{whole.withheld}项(其中待定{whole.pending}项)；"
                f"应制图{whole.flow_required}项，已制图{whole.drawn}项。"
            ),
        ),
        "problems": tuple(
            f"{number}．{item.name}：{_verdict_word(item)}。{_said(item)}" for number, item in enumerate(faults, 1)
        )
        or ("经清理，未发现职责不到位或者越位的事项。",),
        "withheld": (
            (f"提请不公开或者公开属性待定的事项{whole.withheld}项，依据、理由和期限见《涉密不宜公开职权目录》。",)
            if withheld or whole.withheld
            else ("无不公开事项。",)
        ),
        "next": (
            (
                f"对职责不到位的{whole.missing}项限期补齐，对越位的{whole.overreach}项立即停止并做好善后；"
                f"对到位的{whole.in_place}项建立公开规则，按规定时间公开。"
            ),
        ),
    }


def _verdict_word(item: Item) -> str:
    return {"missing": "职责不到位", "overreach": "职责越位"}[item.verdict]


def _said(item: Item) -> str:
    return item.follow_up.strip()
