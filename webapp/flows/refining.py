"""Rules F30–F33: an internal chart that refines an external one names its steps, covers them all and keeps their order.

The external chart stands in the body as `refined_chart` where the caller found it; without it nothing is asked. Pure.
"""

from collections.abc import Iterator

from webapp.flows.findings import Chart, Fault, Rule, Severity

_ACTING = ("step", "decision")


def _steps_exist(chart: Chart) -> Iterator[Fault]:
    for step in chart.steps:
        refined = step.get("refines", "")
        if chart.refined is not None and refined and refined not in chart.refined.graph.steps:
            said = f"{chart.named(step['id'])}细化外部流程图编号{refined}的环节，外部流程图中没有它"
            yield f"{said}。请改选外部流程图现有的环节。", (step["id"],)


def _all_are_covered(chart: Chart) -> Iterator[Fault]:
    if chart.refined is None:
        return
    told = {step.get("refines", "") for step in chart.steps}
    lacking = [n for n, step in chart.refined.graph.steps.items() if step.get("kind") in _ACTING and n not in told]
    if lacking:
        said = f"外部流程图的{chart.refined.named_all(lacking)}没有内部环节细化"
        yield f"{said}。请在相应内部环节选上所细化的外部环节，或说明由谁办理。", ()


def _order_is_kept(chart: Chart) -> Iterator[Fault]:
    """From one refined step to the next, whatever stands between, the external chart must lead the same way."""
    outer = chart.refined
    if outer is None:
        return
    for number, step in chart.graph.steps.items():
        here = step.get("refines", "")
        if here not in outer.graph.steps:
            continue
        for path in _to_next_refined(chart, number):
            there = chart.graph.steps[path[-1]]["refines"]
            if there not in outer.graph.steps or there == here or outer.graph.shortest_path(here, (there,)):
                continue
            is_return = chart.graph.shortest_path(path[-1], (number,)) and outer.graph.shortest_path(there, (here,))
            if not is_return:  # handing back for correction inside is the bureau's own
                said = f"{chart.path_words(path)}，对应外部流程图的{outer.named(here)}、{outer.named(there)}"
                yield f"{said}，外部流程图却从前者走不到后者。请改正所细化的环节或走向。", path


def _to_next_refined(chart: Chart, start: str) -> Iterator[tuple[str, ...]]:
    """Yield the ways from a step to the refined steps that come next, over steps that refine nothing."""
    seen = {start}
    ways: list[tuple[str, ...]] = [(start,)]
    while ways:
        way = ways.pop()
        for following in chart.graph.next[way[-1]]:
            if following in seen:
                continue
            seen.add(following)
            if chart.graph.steps[following].get("refines"):
                yield (*way, following)
            else:
                ways.append((*way, following))


def _each_says_which(chart: Chart) -> Iterator[Fault]:
    if chart.refined is None:
        return
    lacking = [n for n, step in chart.graph.steps.items() if step.get("kind") in _ACTING and not step.get("refines")]
    if lacking:
        yield (
            f"{chart.named_all(lacking)}没有写明细化外部流程图的哪一环节。请选上，确属内部流转的可以不选。",
            tuple(lacking),
        )


_OUTER = (
    "外 10 开始 申请 窗口岗\n外 20 环节 受理 窗口岗\n外 30 环节 审查 审查岗\n外 40 结束 办结 窗口岗\n"
    "外 10 > 20\n外 20 > 30\n外 30 > 40"
)
_INNER = (
    f"{_OUTER}\n内部\n10 开始 接件 窗口岗\n20 环节 登记 窗口岗\n30 环节 初审 审查岗\n40 环节 复核 审查岗\n"
    "50 结束 归档 窗口岗\n10 > 20\n20 > 30\n30 > 40\n40 > 50\n20 细化 20\n30 细化 30\n40 细化 30"
)
_SOURCE = "内部流程图细化外部流程图(职权公开运行流程图的编制要求)"
_E, _W, _A = Severity.ERROR, Severity.WARNING, Severity.ADVICE

RULES = (
    Rule(
        "F30",
        "细化的环节存在",
        "内部环节所细化的外部环节，外部流程图中要有。",
        _E,
        _steps_exist,
        _INNER,
        f"{_INNER}\n40 细化 99",
        _SOURCE,
    ),
    Rule(
        "F31",
        "外部环节都有细化",
        "外部流程图的每个环节，内部流程图都写明由谁怎样办理。",
        _W,
        _all_are_covered,
        _INNER,
        _INNER.replace("20 细化 20", "20 细化 30"),
        _SOURCE,
    ),
    Rule(
        "F32",
        "次序与外部一致",
        "内部环节的先后，与所细化的外部环节的先后一致。",
        _W,
        _order_is_kept,
        _INNER,
        _INNER.replace("20 细化 20", "20 细化 30").replace("40 细化 30", "40 细化 20"),
        _SOURCE,
    ),
    Rule(
        "F33",
        "写明细化哪一环节",
        "内部流程图的每个环节写明细化外部流程图的哪一环节；纯内部流转的可以不写。",
        _A,
        _each_says_which,
        _INNER,
        _INNER.replace("\n40 细化 30", ""),
        _SOURCE,
    ),
)
