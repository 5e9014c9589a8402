"""The last day of a request not to publish, read from the words of its end."""

from datetime import date

import pytest

from webapp.withholdings.kind import empty_body, last_day


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        ("2008-12-31", date(2008, 12, 31)),
        ("至2008年9月1日", date(2008, 9, 1)),
        ("２００８．９．１", date(2008, 9, 1)),
        ("2008年7月1日至2008年8月31日", date(2008, 8, 31)),
        ("专项行动结束", None),
        ("2008年13月40日", None),
        ("", None),
    ],
)
def test_the_last_day_named_is_the_end(until: str, expected: date | None) -> None:
    assert last_day({**empty_body("污染控制科"), "kind": "for_now", "until": until}) == expected


def test_what_cannot_be_published_by_law_has_no_end() -> None:
    assert last_day({**empty_body("污染控制科"), "kind": "by_law", "until": "2008-12-31"}) is None
