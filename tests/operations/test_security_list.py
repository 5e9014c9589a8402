"""The list of security cases names only tests that are there, and every case of the groups it speaks for."""

import re
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
LIST = TESTS.parent / "docs" / "SECURITY_CASES.md"
#: What security.md of the specification asks for in the groups that concern what is built, by its numbers.
ASKED = {
    "AUTH": (1, 2, 5, 6, 7, 10, 11),
    "SESS": (1, 2, 4),
    "CSRF": (1, 2, 3, 4, 5, 6),
    "AUTHZ": (1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 14),
    "MASS": (1, 2, 6),
    "XSS": (1, 2, 3, 4, 6),
    "GV": (1, 2, 3, 4, 5, 6, 7, 8),
    "INJ": (1, 2, 3, 4),
    "XLS": (1, 2, 3, 4, 5, 6, 7),
    "EXP": (1, 2, 3, 7),
    "LEAK": (1, 2, 3, 4, 5, 6, 7, 8, 11),
    "WF": (1, 2, 3, 4, 5, 6, 9, 13, 14),
    "AUD": (1, 2, 3, 4, 7, 8, 10),
}


def rows() -> list[str]:
    return [line for line in LIST.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]


def test_every_test_that_is_named_is_there() -> None:
    missing, named = [], 0
    for row in rows():
        source = ""
        for file, test in re.findall(r"`([a-z_]+/[a-z_]+\.py)`|\b(test_[a-z0-9_]+)\b(?!\.py)", row):
            source = (TESTS / file).read_text(encoding="utf-8") if file else source
            named += bool(test)
            if test and f"def {test}(" not in source:
                missing.append(test)
    assert missing == []
    assert named > 100


def test_every_case_has_a_row_with_a_test_or_a_reason() -> None:
    told: dict[str, str] = {}
    for row in rows():
        cases, _, what = row.strip("| ").partition(" | ")
        group = cases.partition("-")[0]
        told |= {f"{group}-{int(number)}": what for number in re.findall(r"-(\d+)", cases)}
    wanted = [f"{group}-{number}" for group, numbers in ASKED.items() for number in numbers]
    assert [case for case in wanted if not re.search(r"test_\w+|not built: |`\w+/", told.get(case, ""))] == []
