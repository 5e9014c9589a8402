"""Rules F20–F29: what a chart must tell (post, limit, conditions, control points, rights), and its own sums. Pure.

The plan asks every chart for 条件、承办岗位、办理时限、监督制约环节、相对人的权利、投诉举报途径和方式; the last stands
in the entry and in the chart's foot lines.
"""

from collections.abc import Callable, Iterator

from webapp.flows.findings import Chart, Fault, Rule, Severity, Step, counts
from webapp.flows.graph import LongestPath
from webapp.flows.words import amount_words, limit_words, steps_words, unit_words


def counted_units(chart: Chart) -> tuple[str, ...]:
    """Return the units of the limits that count towards the total, in the order of the table."""
    return tuple(dict.fromkeys(step["limit"]["unit"] for step in chart.steps if counts(step)))


def sum_words(chart: Chart, path: LongestPath, unit: str) -> str:
    """Say what a sum added: 『审查』20日、『决定』5日，合计25日."""
    parts = [
        f"{chart.named(number)}{limit_words(step['limit'])}"
        for number in path.steps
        if counts(step := chart.graph.steps[number]) and step["limit"]["unit"] == unit and step["limit"]["n"]
    ]
    return f"{'、'.join(parts)}，合计{amount_words(path.total, unit)}"


def _posts(chart: Chart) -> Iterator[Fault]:
    for step in chart.steps:
        if step.get("kind") != "end" and not str(step.get("post") or "").strip():
            yield f"{steps_words((step,))}没有写承办岗位。请从承办科室的岗位中选一个。", (step["id"],)


def _limits(chart: Chart) -> Iterator[Fault]:
    lacking = [step for step in chart.steps if step.get("kind") in ("step", "decision") and not step.get("limit")]
    if lacking:
        ids = tuple(step["id"] for step in lacking)
        yield f"{steps_words(lacking)}没有写办理时限。能定时限的请写明；当场办结的写0。", ids


def _counted_without_limit(chart: Chart) -> Iterator[Fault]:
    for step in chart.steps:
        if step.get("counts_towards_limit") and not step.get("limit"):
            yield f"{steps_words((step,))}计入总时限，却没有写时限。请补写时限，或改为不计入。", (step["id"],)


def _somewhere(field: str, words: str) -> Callable[[Chart], Iterator[Fault]]:
    def faults(chart: Chart) -> Iterator[Fault]:
        if chart.steps and not any(str(step.get(field) or "").strip() for step in chart.steps):
            yield f"全图没有一个环节写{words}。请在相应环节写明。", ()

    return faults


def _rights(chart: Chart) -> Iterator[Fault]:
    if chart.body.get("audience") == "external":
        yield from _somewhere("rights", "相对人的权利")(chart)


def _one_unit(chart: Chart) -> Iterator[Fault]:
    units = counted_units(chart)
    total = chart.body.get("total_limit")
    if total and (others := [unit for unit in units if unit != total["unit"]]):
        ids = tuple(step["id"] for step in chart.steps if counts(step) and step["limit"]["unit"] in others)
        said = (
            f"总时限以{unit_words(total['unit'])}计，{chart.named_all(ids)}却以{'、'.join(map(unit_words, others))}计"
        )
        yield f"{said}，不能相加。请统一单位，或改为不计入总时限。", ids
    elif not total and len(units) > 1:
        said = f"计入总时限的环节用了{'、'.join(map(unit_words, units))}等几种单位"
        yield f"{said}，不能相加。请统一单位。", ()


def _within_total(chart: Chart) -> Iterator[Fault]:
    total = chart.body.get("total_limit")
    if not total:
        return
    path = chart.longest(total["unit"])
    if path.total > total["n"]:
        said = f"最长的一条路径上，{sum_words(chart, path, total['unit'])}"
        yield f"{said}，超过总时限{limit_words(total)}。请缩短环节时限，或改为不计入并说明理由。", path.steps


def _sum_known(chart: Chart) -> Iterator[Fault]:
    total = chart.body.get("total_limit")
    if total and (path := chart.longest(total["unit"])).total <= total["n"] < path.at_most:
        said = f"图中循环太多，只核对了一部分路径，已核对的最长合计{amount_words(path.total, total['unit'])}"
        yield f"{said}。请人工核对其余路径不超过总时限{limit_words(total)}，或减少退回的走向。", path.steps


def _posts_exist(chart: Chart) -> Iterator[Fault]:
    """Ask that post and section are those of today, where the caller says which these are."""
    if chart.known_posts is None:
        return
    strangers: dict[tuple[str, str], list[Step]] = {}
    for step in chart.steps:
        section, post = str(step.get("section") or "").strip(), str(step.get("post") or "").strip()
        if section and section not in chart.known_posts:
            strangers.setdefault((section, ""), []).append(step)
        elif section and post and post not in chart.known_posts[section]:
            strangers.setdefault((section, post), []).append(step)
    for (section, post), steps in strangers.items():
        ids = tuple(step["id"] for step in steps)
        if post:
            said = f"{steps_words(steps)}的承办岗位“{post}”不在{section}现有的岗位中"
            yield f"{said}。请从该科室的岗位中选一个，或请系统管理员登记岗位。", ids
        else:
            yield f"{steps_words(steps)}由{section}承办，现有科室中没有它。请改为现在的科室。", ids


_GOOD = (
    "总时限 10日\n10 开始 申请 窗口岗\n20 环节 审查 审查岗 8日*\n30 结束 办结 窗口岗\n10 > 20\n20 > 30\n"
    "10 条件 申请材料齐全\n20 监督 两人以上签字\n20 权利 陈述申辩"
)
_BARE = "10 开始 申请 窗口岗\n20 环节 审查 审查岗\n30 结束 办结\n10 > 20\n20 > 30"
_PLAN = "坛环法〔2008〕第1号(流程图应写明条件、承办岗位、办理时限、监督制约环节、相对人的权利、投诉举报途径和方式)"
_E, _W, _A = Severity.ERROR, Severity.WARNING, Severity.ADVICE


def _knot() -> str:
    """Return a chart where ten steps all lead to each other (too many paths) and two exclude each other."""
    knot = range(2, 12)
    steps = "\n".join(f"{number} 判断 第{number}环 审查岗 1日*" for number in knot)
    ways = "\n".join(f"{source} > {target} 转{target}" for source in knot for target in knot if source != target)
    side = "\n".join(
        f"{number} 环节 第{number}环 审查岗 1日*\n11 > {number} 另{number}\n{number} > 2" for number in (20, 30)
    )
    return f"总时限 11日\n1 开始 申请 窗口岗\n{steps}\n{side}\n99 结束 办结\n1 > 2\n{ways}\n11 > 99 办结"


RULES = (
    Rule(
        "F20",
        "承办岗位",
        "每个环节写明承办岗位；公开的是岗位，不是姓名。",
        _E,
        _posts,
        _GOOD,
        _GOOD.replace("审查岗", "-"),
        _PLAN,
    ),
    Rule("F21", "办理时限", "能定时限的环节写明时限。", _A, _limits, _GOOD, _BARE, _PLAN),
    Rule(
        "F22",
        "计入的有时限",
        "计入总时限的环节要有时限，否则总时限算不出来。",
        _W,
        _counted_without_limit,
        _GOOD,
        _GOOD.replace("8日*", "*"),
    ),
    Rule(
        "F23",
        "行使条件",
        "图中至少一个环节写明行使权力的条件。",
        _A,
        _somewhere("conditions", "条件"),
        _GOOD,
        _BARE,
        _PLAN,
    ),
    Rule(
        "F24",
        "监督制约环节",
        "图中至少一个环节写明由谁监督、怎样制约。",
        _A,
        _somewhere("control_point", "监督制约措施"),
        _GOOD,
        _BARE,
        _PLAN,
    ),
    Rule("F25", "相对人的权利", "外部流程图写明相对人在各环节的权利。", _A, _rights, _GOOD, _BARE, _PLAN),
    Rule(
        "F26",
        "时限单位一致",
        "工作日与自然日不能相加：计入总时限的环节与总时限用同一单位。",
        _E,
        _one_unit,
        _GOOD,
        _GOOD.replace("8日*", "8个工作日*"),
    ),
    Rule(
        "F27",
        "不超总时限",
        "从开始起不重复经过同一环节的任一路径，计入的时限合计不超过总时限。",
        _E,
        _within_total,
        _GOOD,
        _GOOD.replace("8日*", "12日*"),
    ),
    Rule(
        "F28",
        "时限可核对",
        "循环太多的图无法逐条核对路径，须人工核对并说明。",
        _W,
        _sum_known,
        _GOOD,
        _knot(),
    ),
    Rule(
        "F29",
        "岗位在册",
        "承办科室和岗位是现有的；已撤销、改名的标出来。",
        _A,
        _posts_exist,
        f"岗位表 窗口岗 审查岗\n{_GOOD}",
        f"岗位表 窗口岗\n{_GOOD}",
    ),
)
