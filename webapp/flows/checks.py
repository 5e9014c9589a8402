"""All checks of a chart: `check_flow` for the chart alone, `check_against_power` for the chart beside one entry. Pure.

The rules themselves stand in `soundness`, `completeness` and `refining`, those that need an entry in `agreeing`,
`statutory` and `statutory_others`; here is the registry.
"""

from webapp.flows.agreeing import RULES as AGREEING
from webapp.flows.completeness import RULES as COMPLETENESS
from webapp.flows.findings import Chart, Finding, PairRule, Rule, Severity
from webapp.flows.refining import RULES as REFINING
from webapp.flows.soundness import RULES as SOUNDNESS
from webapp.flows.statutory import RULES as STATUTORY
from webapp.flows.statutory_others import RULES as STATUTORY_OTHERS
from webapp.flows.words import Body

__all__ = [
    "EVERY",
    "PAIR_RULES",
    "RULES",
    "Finding",
    "Severity",
    "check_against_power",
    "check_flow",
    "errors",
    "rule_of",
]

RULES: tuple[Rule, ...] = SOUNDNESS + COMPLETENESS + REFINING

PAIR_RULES: tuple[PairRule, ...] = AGREEING + STATUTORY + STATUTORY_OTHERS

EVERY: tuple[Rule | PairRule, ...] = RULES + PAIR_RULES
_BY_ID = {rule.id: rule for rule in EVERY}

_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.ADVICE: 2}


def check_flow(body: Body) -> tuple[Finding, ...]:
    """Return the findings about a chart (a flow body of contract.md, finished or not), the gravest first."""
    chart = Chart(body)
    return _sorted([finding for rule in RULES for finding in rule.findings(chart)])


def check_against_power(flow: Body | Chart, power: Body) -> tuple[Finding, ...]:
    """Return where a chart and the entry of a power it serves disagree; every sentence names the power.

    For many powers give the `Chart`: it looks for its longest way once.
    """
    chart = flow if isinstance(flow, Chart) else Chart(flow)
    return _sorted([finding for rule in PAIR_RULES for finding in rule.findings(chart, power)])


def rule_of(finding: Finding) -> Rule | PairRule:
    """Return the rule that found it."""
    return _BY_ID[finding.rule]


def errors(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return the findings that stop a submission."""
    return tuple(finding for finding in findings if finding.severity is Severity.ERROR)


def _sorted(findings: list[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda finding: _ORDER[finding.severity]))
