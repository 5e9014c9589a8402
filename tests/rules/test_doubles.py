"""Which entries look like one power."""

from webapp.powers.doubles import Claim, doubles


def test_doubles_share_a_law_a_category_and_nearly_a_name_and_not_a_section() -> None:
    law = frozenset({"水污染防治法"})
    claims = [
        Claim(1, 1, "licence", "排污许可证核发", law),
        Claim(2, 2, "licence", "排污许可证的核发", law),
        Claim(3, 1, "licence", "排污许可证核发", law),
        Claim(4, 3, "licence", "排污许可证核发", frozenset({"大气污染防治法"})),
        Claim(5, 4, "penalty", "排污许可证核发", law),
        Claim(6, 5, "licence", "建设项目环境影响评价审批", law),
    ]
    assert [(one.record, other.record) for one, other in doubles(claims)] == [(1, 2), (2, 3)]
    assert doubles(claims, [frozenset({1, 2}), frozenset({2, 3})]) == []
