"""Rules F60–F73: what a law asks of the chart of a power of its kind, as long as the law is in force. Pure.

Each rule carries its source and from–to dates and is chosen by the entry's reference date, so that a chart of 2008 is
judged by the law of 2008 and the same chart today by today's (domain.md §3.6; dates of the laws as in data/laws.json).
"""

import re
from collections import deque
from collections.abc import Callable, Iterator

from webapp.flows.agreeing import is_external, title
from webapp.flows.findings import Chart, Fault, PairRule, Severity, Step
from webapp.flows.words import Body, amount_words, limit_words, same

# When the laws came into force.
_PENALTY_1996, _PENALTY_2021 = "1996-10-01", "2021-07-15"
_PENALTY_2018 = "2018-01-01"  # the amendment of 2017 that asked for legal review
_LICENCE = "2004-07-01"
_RECONSIDERATION = "1999-10-01"
_LITIGATION_2015 = "2015-05-01"
_COMPULSION = "2012-01-01"

_SUIT = re.compile(r"(复议[^；;。]{0,12})?(?:行政)?诉讼[^；;。0-9]{0,6}?([0-9]+)(日|个月)")
_RECONSIDERED = re.compile(r"(?:行政)?复议[^；;。0-9]{0,6}?([0-9]+)日(?!内?[^；;。0-9]{0,6}诉)")
_HEARING = re.compile(r"([0-9]+)(个工作日|日)内[^；;。]{0,6}?听证|听证[^；;。0-9]{0,6}?([0-9]+)(个工作日|日)内")
_REFUSED = re.compile(r"不予(?!立案)|不批准|不同意|不准予")
REMEDY = re.compile(r"复议|诉讼")
_DECIDED = re.compile(r"制作.*决定书|作出.*处罚决定|填写.*决定书")
BEFOREHAND = re.compile(r"告知|陈述|申辩")


def _rights(chart: Chart) -> Iterator[tuple[Step, str]]:
    if is_external(chart):
        for step in chart.steps:
            if text := same(str(step.get("rights") or "")):
                yield step, text


def named(chart: Chart, words: str) -> list[str]:
    """Return the steps whose names hold a pattern."""
    found = re.compile(words)
    return [number for number, step in chart.graph.steps.items() if found.search(str(step.get("name") or ""))]


def _refusals_tell_rights(chart: Chart, power: Body) -> Iterator[Fault]:
    if not is_external(chart):
        return
    for number in chart.graph.ends:
        step = chart.graph.steps[number]
        if _REFUSED.search(str(step.get("name") or "")) and not REMEDY.search(str(step.get("rights") or "")):
            said = f"结束环节{chart.named(number)}是不予的结果，没有写申请人可以复议、诉讼的权利"
            yield f"{said}。请在该环节的相对人权利中写明途径和期限（{title(power)}）。", (number,)


def _suits(allowed: frozenset[str], law: str) -> Callable[[Chart, Body], Iterator[Fault]]:
    def faults(chart: Chart, power: Body) -> Iterator[Fault]:
        for step, text in _rights(chart):
            for after, number, unit in _SUIT.findall(text):
                told = f"{number}{unit}"
                if told not in allowed and not (after and told == "15日"):
                    said = f"{chart.named(step['id'])}写的起诉期限是{told}，按{title(power)}的基准日应为{law}"
                    yield f"{said}。请改正。", (step["id"],)

    return faults


def _reconsiderations(chart: Chart, power: Body) -> Iterator[Fault]:
    for step, text in _rights(chart):
        for number in _RECONSIDERED.findall(text):
            if int(number) < 60:  # noqa: PLR2004 - the law's own figure, named in the sentence
                said = f"{chart.named(step['id'])}写的复议期限是{number}日，{title(power)}的相对人依法有60日"
                yield f"{said}。请改正。", (step["id"],)


def _hearings(period: str) -> Callable[[Chart, Body], Iterator[Fault]]:
    def faults(chart: Chart, power: Body) -> Iterator[Fault]:
        for step, text in _rights(chart):
            for one in _HEARING.findall(text):
                told = "".join(one)
                if told != period:
                    said = f"{chart.named(step['id'])}写的要求听证期限是{told}，按{title(power)}的基准日应为{period}"
                    yield f"{said}。请改正。", (step["id"],)

    return faults


def _has_step(words: str, told: str) -> Callable[[Chart, Body], Iterator[Fault]]:
    """Ask the public chart of an ordinary procedure (one that files a case) for a step whose name holds `words`."""

    def faults(chart: Chart, power: Body) -> Iterator[Fault]:
        if is_external(chart) and named(chart, "立案") and not named(chart, f"简易程序|{words}"):
            yield f"{title(power)}的图没有{told}的环节。请补上，或说明在哪一环节办理。", ()

    return faults


def _told_before_decided(chart: Chart, power: Body) -> Iterator[Fault]:
    """No way may reach a decision that burdens somebody without passing a step that tells him beforehand."""
    if not chart.graph.starts:
        return
    start, targets = chart.graph.starts[0], set(named(chart, _DECIDED.pattern))
    barred = {number for number, step in chart.graph.steps.items() if BEFOREHAND.search(all_words(step))}
    path = path_around(chart, start, targets - barred, barred)
    if path:
        said = f"{chart.path_words(path)}，一路没有告知事实、理由和陈述申辩的权利"
        yield f"{said}。请在作出决定前补上告知的环节（{title(power)}）。", path


def all_words(step: Step) -> str:
    """Return what a step says of its act and the rights in it."""
    return f"{step.get('name') or ''}{step.get('rights') or ''}"


def path_around(chart: Chart, start: str, targets: set[str], barred: set[str]) -> tuple[str, ...]:
    """Return the shortest way from `start` to a target that passes no barred step, or nothing."""
    ways: deque[tuple[str, ...]] = deque([(start,)] if start not in barred else [])
    seen = {start}
    while ways:
        way = ways.popleft()
        if way[-1] in targets:
            return way
        for following in chart.graph.next.get(way[-1], ()):
            if following not in seen and following not in barred and following in chart.graph.steps:
                seen.add(following)
                ways.append((*way, following))
    return ()


def _served_in_time(chart: Chart, power: Body) -> Iterator[Fault]:
    for number in named(chart, "送达.*决定书|决定书.*送达"):
        limit = chart.graph.steps[number].get("limit")
        if limit and limit["unit"] in {"day", "working_day"} and limit["n"] > 7:  # noqa: PLR2004 - the law's own figure
            said = f"{chart.named(number)}的时限{limit_words(limit)}，决定书应当在7日内送达"
            yield f"{said}（{title(power)}）。请改正。", (number,)


def _three_exits(chart: Chart, power: Body) -> Iterator[Fault]:
    words = " ".join(
        [str(step.get("name") or "") for step in chart.steps] + [str(way.get("condition") or "") for way in chart.ways],
    )
    exits = (("不予受理", "不予受理|不受理"), ("补正", "补正|补齐"), ("受理", "受理"))
    lacking = [name for name, pattern in exits if not re.search(pattern, words)]
    if lacking and chart.steps and is_external(chart):
        said = f"{title(power)}的图在受理环节缺少{'、'.join(lacking)}的去向"
        yield f"{said}。申请材料的处理应有受理、一次告知补正、不予受理三种结果，请补上。", ()


def _twenty_working_days(chart: Chart, power: Body) -> Iterator[Fault]:
    path = chart.longest("working_day")
    if path.total > 20:  # noqa: PLR2004 - the law's own figure
        said = f"最长的一条路径合计{amount_words(path.total, 'working_day')}，一般许可应当在20个工作日内决定"
        yield f"{said}（{title(power)}）。法律、法规另有规定的，请说明依据。", path.steps


def _reminded_and_heard(chart: Chart, power: Body) -> Iterator[Fault]:
    enforced = named(chart, "强制执行|代履行|加处罚款")
    if enforced and not named(chart, "催告"):
        said = f"{chart.named_all(enforced)}之前没有催告的环节"
        yield f"{said}（{title(power)}）。请补上催告书及陈述申辩。", tuple(enforced)
    if not any(BEFOREHAND.search(all_words(step)) for step in chart.steps) and chart.steps:
        yield f"{title(power)}的图没有一处写当事人陈述申辩的权利。请在实施前的环节写明。", ()


def _case(name: str = "制作处罚决定书", **texts: str) -> str:
    """Return the outline of an ordinary penalty; `texts` are added to steps by their number (s20=…)."""
    lines = (
        "10 开始 登记线索 执法岗\n20 判断 是否立案 执法岗\n30 结束 不予立案 执法岗\n40 环节 送达事先告知书 执法岗\n"
        f"50 环节 举行听证 法制岗\n60 环节 法制审核 法制岗\n70 环节 {name} 法制岗\n80 环节 送达处罚决定书 执法岗 7日\n"
        "90 环节 公开处罚结果 执法岗\n100 结束 结案 执法岗\n10 > 20\n20 > 40 准予\n20 > 30 不予\n40 > 50\n50 > 60\n"
        "60 > 70\n70 > 80\n80 > 90\n90 > 100"
    )
    return "\n".join([lines, *(f"{number.removeprefix('s')} 权利 {text}" for number, text in texts.items())])


def _application(days: str = "5个工作日*", refusal: str = "行政复议（60日）") -> str:
    lines = (
        "10 开始 提交申请 窗口岗\n20 判断 是否受理 窗口岗\n30 结束 不予受理 窗口岗\n40 环节 一次告知补正 窗口岗\n"
        f"50 环节 审查 审查岗 {days}\n60 结束 办结 窗口岗\n10 > 20\n20 > 50 受理\n20 > 40 材料不齐\n20 > 30 不予受理\n"
        "40 > 20\n50 > 60"
    )
    return f"{lines}\n30 权利 {refusal}" if refusal else lines


_E, _W = Severity.ERROR, Severity.WARNING
_THEN: Body = {"category": "penalty", "reference_date": "2008-07-01"}
_TODAY: Body = {"category": "penalty", "reference_date": "2026-11-24"}
_APPLIED: Body = {"category": "licence", "reference_date": "2008-07-01"}
_FORCED: Body = {"category": "compulsion", "reference_date": "2026-11-24"}
_PENALTY = ("penalty",)
_FORCE = (
    "10 开始 期满未履行 执法岗\n20 环节 送达催告书 执法岗\n30 环节 强制执行 执法岗\n40 结束 结案 执法岗\n"
    "10 > 20\n20 > 30\n30 > 40\n20 权利 陈述申辩"
)

RULES = (
    PairRule(
        "F60",
        "不予的权利",
        "不予受理、不予许可的结果写明申请人申请复议、提起诉讼的权利。",
        _W,
        _refusals_tell_rights,
        (_application(), _APPLIED),
        (_application(refusal=""), _APPLIED),
        source="行政许可法第38条第2款",
        begins=_LICENCE,
        categories=("licence", "other_approval"),
    ),
    PairRule(
        "F61",
        "起诉期限(2015年4月30日前)",
        "直接起诉的期限为知道之日起3个月；环境保护法另定的处罚为15日；复议后起诉15日。",
        _E,
        _suits(frozenset({"15日", "3个月"}), "15日或3个月"),
        (_case(s80="行政复议（60日）；行政诉讼（15日）"), _THEN),
        (_case(s80="行政诉讼（6个月）"), _THEN),
        source="行政诉讼法(1989)第38条、第39条，环境保护法(1989)第40条",
        ends=_LITIGATION_2015,
    ),
    PairRule(
        "F62",
        "起诉期限(2015年5月1日起)",
        "直接起诉的期限为知道或者应当知道之日起6个月；复议后起诉15日。",
        _E,
        _suits(frozenset({"6个月"}), "6个月"),
        (_case(s80="行政复议（60日）；行政诉讼（6个月）"), _TODAY),
        (_case(s80="行政诉讼（15日）"), _TODAY),
        source="行政诉讼法(2014修正)第45条、第46条",
        begins=_LITIGATION_2015,
    ),
    PairRule(
        "F63",
        "复议期限",
        "申请行政复议的期限不少于知道之日起60日。",
        _E,
        _reconsiderations,
        (_case(s80="行政复议（60日）"), _THEN),
        (_case(s80="行政复议（15日）"), _THEN),
        source="行政复议法(1999)第9条，(2023修订)第20条",
        begins=_RECONSIDERATION,
    ),
    PairRule(
        "F64",
        "要求听证(2021年7月14日前)",
        "当事人在被告知后3日内提出听证要求。",
        _E,
        _hearings("3日"),
        (_case(s40="3日内要求听证"), _THEN),
        (_case(s40="5日内要求听证"), _THEN),
        source="行政处罚法(1996)第42条",
        begins=_PENALTY_1996,
        ends=_PENALTY_2021,
        categories=_PENALTY,
    ),
    PairRule(
        "F65",
        "要求听证(2021年7月15日起)",
        "当事人在被告知后5个工作日内提出听证要求。",
        _E,
        _hearings("5个工作日"),
        (_case(s40="5个工作日内要求听证"), _TODAY),
        (_case(s40="3日内要求听证"), _TODAY),
        source="行政处罚法(2021修订)第64条、第85条",
        begins=_PENALTY_2021,
        categories=_PENALTY,
    ),
    PairRule(
        "F66",
        "听证的分支",
        "一般程序的处罚图有听证的环节：责令停产停业、吊销证照、较大数额罚款须告知听证权利。",
        _W,
        _has_step("听证", "听证"),
        (_case(), _THEN),
        (_case().replace("举行听证", "集体讨论"), _THEN),
        source="行政处罚法(1996)第42条，(2021修订)第63条",
        begins=_PENALTY_1996,
        categories=_PENALTY,
    ),
    PairRule(
        "F67",
        "先告知后决定",
        "任何一条路径在作出处罚决定前都经过告知，并听取陈述申辩。",
        _E,
        _told_before_decided,
        (_case(), _THEN),
        (_case().replace("送达事先告知书", "调查取证"), _THEN),
        source="行政处罚法(1996)第31条、第41条，(2021修订)第44条、第62条",
        begins=_PENALTY_1996,
        categories=_PENALTY,
    ),
    PairRule(
        "F68",
        "法制审核",
        "一般程序的处罚图有法制审核的环节。",
        _W,
        _has_step("审核", "法制审核"),
        (_case(), _TODAY),
        (_case().replace("法制审核", "集体讨论"), _TODAY),
        source="行政处罚法(2017修正)第38条第3款，(2021修订)第58条",
        begins=_PENALTY_2018,
        categories=_PENALTY,
    ),
    PairRule(
        "F69",
        "决定书7日内送达",
        "处罚决定书当场不能交付的，7日内送达。",
        _E,
        _served_in_time,
        (_case(), _THEN),
        (_case().replace("执法岗 7日", "执法岗 15日"), _THEN),
        source="行政处罚法(1996)第40条，(2021修订)第61条",
        begins=_PENALTY_1996,
        categories=_PENALTY,
    ),
    PairRule(
        "F70",
        "处罚决定公开",
        "有社会影响的处罚决定依法公开，图上写明公开的环节。",
        _W,
        _has_step("公开|公示", "公开处罚结果"),
        (_case(), _TODAY),
        (_case().replace("公开处罚结果", "归档"), _TODAY),
        source="行政处罚法(2021修订)第48条",
        begins=_PENALTY_2021,
        categories=_PENALTY,
    ),
    PairRule(
        "F71",
        "受理的三种结果",
        "许可的图在受理环节分受理、一次告知补正、不予受理。",
        _W,
        _three_exits,
        (_application(), _APPLIED),
        (_application().replace("一次告知补正", "登记"), _APPLIED),
        source="行政许可法第32条",
        begins=_LICENCE,
        categories=("licence",),
    ),
    PairRule(
        "F72",
        "许可20个工作日",
        "许可自受理之日起20个工作日内决定，法律、法规另有规定的依照其规定。",
        _W,
        _twenty_working_days,
        (_application(), _APPLIED),
        (_application("25个工作日*"), _APPLIED),
        source="行政许可法第42条、第82条",
        begins=_LICENCE,
        categories=("licence",),
    ),
    PairRule(
        "F73",
        "催告与申辩",
        "强制执行前先催告；当事人有权陈述和申辩。",
        _W,
        _reminded_and_heard,
        (_FORCE, _FORCED),
        (_FORCE.replace("送达催告书", "登记").replace("陈述申辩", "无"), _FORCED),
        source="行政强制法第8条、第35条、第36条",
        begins=_COMPULSION,
        categories=("compulsion",),
    ),
)
