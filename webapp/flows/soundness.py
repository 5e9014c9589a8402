"""Rules F01–F18: a chart can be walked from its one start, every way leads to an end, and every branch says when. Pure.

Their faults are errors unless noted: an unsound chart cannot be submitted. Sentences name the path that shows it.
"""

from collections import Counter
from collections.abc import Iterator

from webapp.flows.findings import Chart, Fault, Rule, Severity
from webapp.flows.words import same, step_words

MAX_STEPS = 80
MAX_WAYS = 160
KINDS = ("start", "step", "decision", "end")


def _size(chart: Chart) -> Iterator[Fault]:
    steps, ways = len(chart.steps), len(chart.ways)
    if steps > MAX_STEPS:
        yield f"流程有{steps}个环节，最多{MAX_STEPS}个。请把其中一段另立一张流程图。", ()
    if ways > MAX_WAYS:
        yield f"流程有{ways}条走向，最多{MAX_WAYS}条。请把其中一段另立一张流程图。", ()


def _ids(chart: Chart) -> Iterator[Fault]:
    for number, times in Counter(step["id"] for step in chart.steps).items():
        if not number.strip():
            yield f"有{times}个环节没有编号。请按10、20、30的次序编号。", ()
        elif times > 1:
            yield f"有{times}个环节都用编号{number}。请各给一个不同的编号。", (number,)


def _names(chart: Chart) -> Iterator[Fault]:
    for step in chart.steps:
        if not str(step.get("name") or "").strip():
            yield f"{step_words(step)}没有名称。请写明做什么，如“受理申请”。", (step["id"],)


def _kinds(chart: Chart) -> Iterator[Fault]:
    for step in chart.steps:
        if step.get("kind") not in KINDS:
            yield f"{step_words(step)}的类型无法识别。请选择开始、环节、判断或结束。", (step["id"],)


def _one_start(chart: Chart) -> Iterator[Fault]:
    starts = chart.graph.starts
    if not starts:
        yield "流程没有开始环节。请把第一个环节的类型改为“开始”。", ()
    elif len(starts) > 1:
        named = chart.named_all(starts)
        yield f"流程有{len(starts)}个开始环节：{named}。请只保留一个，其余改为环节。", starts


def _an_end(chart: Chart) -> Iterator[Fault]:
    if not chart.graph.ends:
        yield "流程没有结束环节。请至少写明一个办结的结果，类型选“结束”。", ()


def _dangling(chart: Chart) -> Iterator[Fault]:
    for place, way in enumerate(chart.ways, 1):
        for side, words in (("from", "起点"), ("to", "去向")):
            if way[side] not in chart.graph.steps:
                known = tuple(way[s] for s in ("from", "to") if way[s] in chart.graph.steps)
                yield f"第{place}条走向的{words}是编号{way[side]}，但没有这个环节。请改正编号或删去该走向。", known


def _doubles(chart: Chart) -> Iterator[Fault]:
    pairs = Counter((way["from"], way["to"]) for way in chart.ways)
    for (source, target), times in pairs.items():
        if times > 1:
            said = f"从{chart.named(source)}到{chart.named(target)}的走向写了{times}条"
            yield f"{said}。请合并为一条，条件写在一起。", (source, target)


def _reachable(chart: Chart) -> Iterator[Fault]:
    if not chart.graph.starts:
        return
    start = chart.named(chart.graph.starts[0])
    for step in chart.graph.steps:
        if step not in chart.graph.reachable:
            said = f"从开始环节{start}出发走不到{chart.named(step)}"
            yield f"{said}。请补上通向它的走向，或删去该环节。", (step,)


def _dead_ends(chart: Chart) -> Iterator[Fault]:
    for step in chart.graph.dead_ends():
        start = chart.graph.starts[:1]
        path = chart.graph.shortest_path(start[0], (step,)) if start and start[0] != step else ()
        said = chart.path_words(path) if path else f"办到{chart.named(step)}"
        yield f"{said}，之后没有去向。请补上下一环节，或把{chart.named(step)}改为结束环节。", path or (step,)


def _traps(chart: Chart) -> Iterator[Fault]:
    for loop in chart.graph.traps():
        yield f"{chart.path_words(loop)}，没有任何出口。请给其中一个环节加上通向结束的走向。", loop


def _ends_end(chart: Chart) -> Iterator[Fault]:
    for end in chart.graph.ends:
        if targets := chart.graph.next[end]:
            said = f"结束环节{chart.named(end)}之后还有去向{chart.named_all(targets)}"
            yield f"{said}。请删去这些走向，或把它改为环节或判断。", (end, *targets)


def _two_ways_out(chart: Chart) -> Iterator[Fault]:
    for step, ways in chart.ways_out.items():
        if chart.graph.steps[step].get("kind") == "decision" and len(ways) == 1:
            said = f"判断环节{chart.named(step)}只有1个去向{chart.named(ways[0]['to'])}"
            yield f"{said}。请补上另一种结果的去向，或把它改为环节。", (step, ways[0]["to"])


def _labels(chart: Chart) -> Iterator[Fault]:
    for step, ways in chart.ways_out.items():
        if chart.graph.steps[step].get("kind") != "decision":
            continue
        for way in ways:
            if not way["condition"].strip():
                said = f"从判断环节{chart.named(step)}到{chart.named(way['to'])}的走向没有写条件"
                yield f"{said}。请写明什么情况走这条，如“合格”。", (step, way["to"])


def _labels_differ(chart: Chart) -> Iterator[Fault]:
    for step, ways in chart.ways_out.items():
        told = Counter(same(way["condition"]) for way in ways if way["condition"].strip())
        for words, times in told.items():
            if times > 1:
                targets = tuple(way["to"] for way in ways if same(way["condition"]) == words)
                said = f"{chart.named(step)}有{times}个去向的条件都是“{words}”：{chart.named_all(targets)}"
                yield f"{said}。请改成互不相同的条件。", (step, *targets)


def _only_decisions_branch(chart: Chart) -> Iterator[Fault]:
    for step, ways in chart.ways_out.items():
        if chart.graph.steps[step].get("kind") in ("start", "step") and len(ways) > 1:
            targets = tuple(dict.fromkeys(way["to"] for way in ways))
            said = f"{chart.named(step)}不是判断环节，却有{len(ways)}个去向：{chart.named_all(targets)}"
            yield f"{said}。请改为判断环节并写明各去向的条件，或只留一个去向。", (step, *targets)


def _self_loops(chart: Chart) -> Iterator[Fault]:
    for step, targets in chart.graph.next.items():
        if step in targets:
            yield f"{chart.named(step)}的去向又是它自己。请说明什么情况下重做本环节，或删去该走向。", (step,)


def _same_names(chart: Chart) -> Iterator[Fault]:
    by_name: dict[str, list[str]] = {}
    for number, step in chart.graph.steps.items():
        by_name.setdefault(same(str(step.get("name") or "")), []).append(number)
    for name, steps in by_name.items():
        if name and len(steps) > 1:
            yield f"有{len(steps)}个环节都叫{chart.named(steps[0])}。请改成能互相区分的名称。", tuple(steps)


_GOOD = "10 开始 申请\n20 判断 审查\n30 结束 准予\n40 结束 不予\n10 > 20\n20 > 30 合格\n20 > 40 不合格"
_E, _W, _A = Severity.ERROR, Severity.WARNING, Severity.ADVICE


def _many() -> str:
    steps = "\n".join(f"{number} 环节 第{number}环" for number in range(2, MAX_STEPS + 1))
    ways = "\n".join(f"{number} > {number + 1}" for number in range(1, MAX_STEPS + 1))
    return f"1 开始 申请\n{steps}\n{MAX_STEPS + 1} 结束 办结\n{ways}"


RULES = (
    Rule("F01", "规模", "一张图最多80个环节、160条走向，再多就看不清、画不出。", _E, _size, _GOOD, _many()),
    Rule(
        "F02",
        "编号",
        "每个环节有编号，互不相同。",
        _E,
        _ids,
        _GOOD,
        "10 开始 申请\n10 环节 审查\n30 结束 办结\n10 > 30",
    ),
    Rule(
        "F03", "名称", "每个环节有名称。", _E, _names, _GOOD, "10 开始 申请\n20 环节 -\n30 结束 办结\n10 > 20\n20 > 30"
    ),
    Rule("F04", "类型", "环节分开始、环节、判断、结束四类。", _E, _kinds, _GOOD, "10 起点 申请\n20 结束 办结\n10 > 20"),
    Rule(
        "F05",
        "一个开始",
        "流程从唯一的开始环节进入。",
        _E,
        _one_start,
        _GOOD,
        "10 开始 申请\n20 开始 举报\n30 结束 办结\n10 > 30\n20 > 30",
    ),
    Rule("F06", "有结束", "流程至少有一个结束环节。", _E, _an_end, _GOOD, "10 开始 申请\n20 环节 审查\n10 > 20"),
    Rule("F07", "走向两端", "走向的两端都是图中的环节。", _E, _dangling, _GOOD, f"{_GOOD}\n20 > 99 其他"),
    Rule("F08", "走向不重复", "两个环节之间同一方向只有一条走向。", _E, _doubles, _GOOD, f"{_GOOD}\n10 > 20"),
    Rule("F09", "都走得到", "每个环节都能从开始走到。", _E, _reachable, _GOOD, f"{_GOOD}\n50 环节 归档\n50 > 30"),
    Rule(
        "F10",
        "不断头",
        "除结束外，每个环节都有去向。",
        _E,
        _dead_ends,
        _GOOD,
        "10 开始 申请\n20 判断 审查\n30 结束 准予\n40 环节 补正\n10 > 20\n20 > 30 合格\n20 > 40 不齐",
    ),
    Rule(
        "F11",
        "循环有出口",
        "退回、补正形成的循环要有走出去的路。",
        _E,
        _traps,
        f"{_GOOD}\n50 环节 补正\n20 > 50 不齐\n50 > 20",
        "10 开始 申请\n20 环节 审查\n30 环节 补正\n40 结束 办结\n10 > 20\n20 > 30\n30 > 20",
    ),
    Rule("F12", "结束即止", "结束环节之后没有去向。", _E, _ends_end, _GOOD, f"{_GOOD}\n40 > 10"),
    Rule(
        "F13",
        "判断有两个去向",
        "判断环节至少有两个去向。",
        _E,
        _two_ways_out,
        _GOOD,
        "10 开始 申请\n20 判断 审查\n30 结束 办结\n10 > 20\n20 > 30 合格",
    ),
    Rule(
        "F14",
        "判断写明条件",
        "判断环节的每个去向写明条件。",
        _E,
        _labels,
        _GOOD,
        _GOOD.replace("20 > 40 不合格", "20 > 40"),
    ),
    Rule(
        "F15",
        "条件互不相同",
        "同一环节各去向的条件互不相同。",
        _E,
        _labels_differ,
        _GOOD,
        _GOOD.replace("不合格", "合格"),
    ),
    Rule(
        "F16",
        "只在判断处分支",
        "分支处是判断环节，写明条件；一般环节只有一个去向。",
        _E,
        _only_decisions_branch,
        _GOOD,
        "10 开始 申请\n20 环节 审查\n30 结束 准予\n40 结束 不予\n10 > 20\n20 > 30\n20 > 40",
    ),
    Rule("F17", "不指向自己", "环节的去向一般不是它自己。", _W, _self_loops, _GOOD, f"{_GOOD}\n20 > 20 再查"),
    Rule("F18", "名称能区分", "各环节的名称互不相同。", _A, _same_names, _GOOD, _GOOD.replace("不予", "准予")),
)
