"""Rules F74–F84: what laws ask of charts beyond those of penalties and licences: notice, remedies, periods. Pure.

Each rule carries its source and from–to dates and is chosen by the entry's reference date, as in `statutory`.
"""

import re
from collections.abc import Callable, Iterator

from webapp.flows.agreeing import is_external, title
from webapp.flows.findings import Chart, Fault, PairRule, Severity
from webapp.flows.statutory import BEFOREHAND, REMEDY, all_words, named, path_around
from webapp.flows.words import Body, amount_words, limit_words

_OUTLINE_2004 = "2004-03-22"  # 全面推进依法行政实施纲要
_DISCLOSURE_2008, _DISCLOSURE_2019 = "2008-05-01", "2019-05-15"
_RECONSIDERATION, _RECONSIDERATION_2024 = "1999-10-01", "2024-01-01"
_COMPULSION, _PENALTY_1996, _PENALTY_2021 = "2012-01-01", "1996-10-01", "2021-07-15"

_BURDENS = (
    r"(作出|制作|下达|签发|送达).*(责令|限期治理|停产|关闭|撤销|吊销|收回|查封|扣押|暂扣|拆除|代履行|代为).*(决定|通知)"
)
_REFUSED = re.compile(r"不予(?!立案|作出|(?:行政)?处罚)|不批准|不同意|不准予")


def _told_before_burdening(chart: Chart, power: Body) -> Iterator[Fault]:
    """No way may reach an unfavourable decision without passing a step that hears the counterpart."""
    if not chart.graph.starts or not is_external(chart):
        return
    barred = {number for number, step in chart.graph.steps.items() if BEFOREHAND.search(all_words(step))}
    path = path_around(chart, chart.graph.starts[0], set(named(chart, _BURDENS)) - barred, barred)
    if path:
        said = f"{chart.path_words(path)}，一路没有告知当事人并听取陈述申辩"
        yield f"{said}。请在作出不利决定前补上告知的环节（{title(power)}）。", path


def _refusals_tell_rights(chart: Chart, power: Body) -> Iterator[Fault]:
    if not is_external(chart):
        return
    for number in chart.graph.ends:
        step = chart.graph.steps[number]
        if _REFUSED.search(str(step.get("name") or "")) and not REMEDY.search(str(step.get("rights") or "")):
            said = f"结束环节{chart.named(number)}是不予的结果，没有写相对人怎样请求救济"
            yield f"{said}。请在该环节的相对人权利中写明途径和期限（{title(power)}）。", (number,)


def _remedy_somewhere(chart: Chart, power: Body) -> Iterator[Fault]:
    if is_external(chart) and chart.steps and not any(REMEDY.search(str(s.get("rights") or "")) for s in chart.steps):
        said = f"{title(power)}的图没有一处写相对人申请复议、提起诉讼的权利"
        yield f"{said}。请在送达决定的环节写明途径和期限。", ()


def _decision_tells_rights(chart: Chart, power: Body) -> Iterator[Fault]:
    if not is_external(chart):
        return
    for number in named(chart, "送达.*(?<!告知)决定书|决定书.*送达|交付.*决定书|决定书.*交付"):
        if not REMEDY.search(str(chart.graph.steps[number].get("rights") or "")):
            said = f"{chart.named(number)}没有写当事人不服决定时申请复议、提起诉讼的途径和期限"
            yield f"{said}（{title(power)}）。决定书应当载明，请补上。", (number,)


def _within(name: str, most: int, unit: str, words: str) -> Callable[[Chart, Body], Iterator[Fault]]:
    """Ask the longest way of powers whose names match `name` to be at most `most` of a unit."""

    def faults(chart: Chart, power: Body) -> Iterator[Fault]:
        path = chart.longest(unit)
        if re.search(name, str(power.get("name") or "")) and path.total > most:
            said = f"最长的一条路径合计{amount_words(path.total, unit)}，{words}应当在{amount_words(most, unit)}内作出"
            yield f"{said}（{title(power)}）。请缩短环节时限，依法延长的改为不计入。", path.steps

    return faults


def _step_within(name: str, most: int, words: str) -> Callable[[Chart, Body], Iterator[Fault]]:
    """Ask steps whose names match `name` to take at most `most` days; working days are longer than days."""

    def faults(chart: Chart, power: Body) -> Iterator[Fault]:
        for number in named(chart, name):
            limit = chart.graph.steps[number].get("limit")
            if limit and limit["unit"] in {"day", "working_day"} and limit["n"] > most:
                said = f"{chart.named(number)}的时限{limit_words(limit)}，{words}"
                yield f"{said}（{title(power)}）。请改正，或说明依据。", (number,)

    return faults


_E, _W, _A = Severity.ERROR, Severity.WARNING, Severity.ADVICE
_ANSWER = "10 开始 收到申请 收发岗\n20 环节 办理 承办岗 {}*\n30 结束 答复 收发岗\n10 > 20\n20 > 30"
_ORDER = (
    "10 开始 发现问题 执法岗\n20 环节 听取陈述申辩 执法岗\n30 环节 下达限期治理决定 局长\n40 结束 归档 执法岗\n"
    "10 > 20\n20 > 30\n30 > 40"
)
_REFUSAL = (
    "10 开始 收到申请 窗口岗\n20 判断 是否符合条件 承办岗\n30 结束 不予确认 窗口岗\n40 结束 办结 窗口岗\n"
    "10 > 20\n20 > 40 是\n20 > 30 否"
)
_SERVICE = (
    "10 开始 立案 执法岗\n20 环节 告知并听取申辩 执法岗\n30 环节 送达处罚决定书 执法岗\n40 结束 结案 执法岗\n"
    "10 > 20\n20 > 30\n30 > 40"
)
_HELD = "10 开始 发现 执法岗\n20 环节 {} 执法岗 {}\n30 结束 处理 执法岗\n10 > 20\n20 > 30"
_DISCLOSURE: Body = {"category": "other_enforcement", "name": "依申请公开示例许可信息"}
_REPLY: Body = {"category": "other", "name": "行政复议答复(示例许可)"}

RULES = (
    PairRule(
        "F74",
        "不利决定前先告知",
        "任何一条路径在作出对相对人不利的决定前，都经过告知并听取陈述申辩。",
        _W,
        _told_before_burdening,
        (_ORDER, {"category": "other_enforcement"}),
        (_ORDER.replace("听取陈述申辩", "现场核实"), {"category": "other_enforcement"}),
        source="全面推进依法行政实施纲要(国发〔2004〕10号)第20条",
        begins=_OUTLINE_2004,
        categories=("licence", "other_approval", "compulsion", "levy", "other_enforcement"),
    ),
    PairRule(
        "F75",
        "不予的救济",
        "不予确认、不予给付、不予公开等结果，写明相对人的救济途径。",
        _A,
        _refusals_tell_rights,
        (f"{_REFUSAL}\n30 权利 行政复议（60日）", {"category": "confirmation"}),
        (_REFUSAL, {"category": "confirmation"}),
        source="行政复议法(1999)第6条，(2023修订)第11条",
        begins=_RECONSIDERATION,
        categories=("confirmation", "payment", "other_enforcement"),
    ),
    PairRule(
        "F76",
        "征收的救济",
        "征收的图写明缴费人申请复议、提起诉讼的权利。",
        _W,
        _remedy_somewhere,
        (f"{_REFUSAL}\n40 权利 行政复议（60日）", {"category": "levy"}),
        (_REFUSAL, {"category": "levy"}),
        source="行政复议法(1999)第6条第(七)项，(2023修订)第11条",
        begins=_RECONSIDERATION,
        categories=("levy",),
    ),
    PairRule(
        "F77",
        "决定书告知救济",
        "送达处罚决定书的环节写明复议、诉讼的途径和期限。",
        _W,
        _decision_tells_rights,
        (f"{_SERVICE}\n30 权利 行政复议（60日）；行政诉讼（15日）", {"category": "penalty"}),
        (_SERVICE, {"category": "penalty"}),
        source="行政处罚法(1996)第39条，(2021修订)第59条",
        begins=_PENALTY_1996,
        categories=("penalty",),
    ),
    PairRule(
        "F78",
        "先行登记保存7日",
        "先行登记保存的证据，7日内作出处理决定(2021年7月15日前)。",
        _E,
        _step_within("登记保存", 7, "先行登记保存的应当在7日内作出处理决定"),
        (_HELD.format("先行登记保存", "7日"), {"category": "penalty"}),
        (_HELD.format("先行登记保存", "10日"), {"category": "penalty"}),
        source="行政处罚法(1996)第37条第2款",
        begins=_PENALTY_1996,
        ends=_PENALTY_2021,
        categories=("penalty", "compulsion"),
    ),
    PairRule(
        "F79",
        "先行登记保存7个工作日",
        "先行登记保存的证据，7个工作日内作出处理决定(2021年7月15日起)。",
        _E,
        _step_within("登记保存", 7, "先行登记保存的应当在7个工作日内作出处理决定"),
        (_HELD.format("先行登记保存", "7个工作日"), {"category": "penalty", "reference_date": "2026-11-24"}),
        (_HELD.format("先行登记保存", "10个工作日"), {"category": "penalty", "reference_date": "2026-11-24"}),
        source="行政处罚法(2021修订)第56条、第85条",
        begins=_PENALTY_2021,
        categories=("penalty", "compulsion"),
    ),
    PairRule(
        "F80",
        "查封扣押30日",
        "查封、扣押的期限不超过30日；情况复杂经批准延长的，延长的环节另写，不超过30日。",
        _E,
        _step_within("查封|扣押", 30, "查封、扣押的期限不得超过30日"),
        (_HELD.format("查封扣押", "30日"), {"category": "compulsion", "reference_date": "2026-11-24"}),
        (_HELD.format("查封扣押", "60日"), {"category": "compulsion", "reference_date": "2026-11-24"}),
        source="行政强制法第25条",
        begins=_COMPULSION,
        categories=("compulsion",),
    ),
    PairRule(
        "F81",
        "依申请公开15个工作日",
        "依申请公开政府信息，15个工作日内答复(2019年5月15日前)。",
        _E,
        _within("依申请公开", 15, "working_day", "答复"),
        (_ANSWER.format("15个工作日"), _DISCLOSURE),
        (_ANSWER.format("20个工作日"), _DISCLOSURE),
        source="政府信息公开条例(2007)第24条",
        begins=_DISCLOSURE_2008,
        ends=_DISCLOSURE_2019,
        categories=("other_enforcement", "other"),
    ),
    PairRule(
        "F82",
        "依申请公开20个工作日",
        "依申请公开政府信息，20个工作日内答复(2019年5月15日起)。",
        _E,
        _within("依申请公开", 20, "working_day", "答复"),
        (_ANSWER.format("20个工作日"), {**_DISCLOSURE, "reference_date": "2026-11-24"}),
        (_ANSWER.format("25个工作日"), {**_DISCLOSURE, "reference_date": "2026-11-24"}),
        source="政府信息公开条例(2019修订)第33条",
        begins=_DISCLOSURE_2019,
        categories=("other_enforcement", "other"),
    ),
    PairRule(
        "F83",
        "复议答复10日",
        "被申请人自收到申请书副本之日起10日内提出书面答复(2023年12月31日前)。",
        _E,
        _within("复议答复", 10, "day", "书面答复"),
        (_ANSWER.format("10日"), _REPLY),
        (_ANSWER.format("12日"), _REPLY),
        source="行政复议法(1999)第23条",
        begins=_RECONSIDERATION,
        ends=_RECONSIDERATION_2024,
        categories=("other",),
    ),
    PairRule(
        "F84",
        "复议答复10个工作日",
        "普通程序的复议，被申请人自收到申请书副本之日起10个工作日内提出书面答复(2024年1月1日起)。",
        _E,
        _within("复议答复", 10, "working_day", "书面答复"),
        (_ANSWER.format("10个工作日"), {**_REPLY, "reference_date": "2026-11-24"}),
        (_ANSWER.format("12个工作日"), {**_REPLY, "reference_date": "2026-11-24"}),
        source="行政复议法(2023修订)第48条、第88条",
        begins=_RECONSIDERATION_2024,
        categories=("other",),
    ),
)
