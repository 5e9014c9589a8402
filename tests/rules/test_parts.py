"""An entry cut into its public and its internal part, and put together again."""

import json
from pathlib import Path

from webapp.digests import canonical
from webapp.powers.categories import CATEGORIES
from webapp.powers.fields import INTERNAL_NAMES, PUBLIC_NAMES, catalogue_line, split_line
from webapp.powers.parts import internal_part, join_parts, public_detail_names, public_part
from webapp.powers.shapes import Audience

RECORDS = [
    json.loads(line) for line in Path("webapp/sample/data/catalogue.jsonl").read_text(encoding="utf-8").splitlines()
]
EXTERNAL = {r["number"] for r in RECORDS if r["record"] == "flow" and r["audience"] == "external"}
POWERS = [split_line(record) for record in RECORDS if record["record"] == "power"]


def test_the_parts_through_canonical_json_give_the_line_back_byte_for_byte() -> None:
    for code, body in POWERS:
        public = json.loads(canonical(public_part(body, EXTERNAL.__contains__)))
        internal = json.loads(canonical(internal_part(body, EXTERNAL.__contains__)))
        joined = json.dumps(catalogue_line(code, join_parts(public, internal)), ensure_ascii=False)
        assert joined == json.dumps(catalogue_line(code, body), ensure_ascii=False)


def test_internal_charts_come_back_to_their_place() -> None:
    body = {**POWERS[0][1], "flows": ["A", "B", "C", "D", "E"]}
    for public in ("", "A", "BD", "ACE", "ABCDE"):
        parts = public_part(body, public.__contains__), internal_part(body, public.__contains__)
        assert parts[0]["flows"] == list(public)
        assert join_parts(*parts)["flows"] == body["flows"]


def test_the_public_part_holds_the_contracts_public_fields_and_nothing_else() -> None:
    for _, body in POWERS:
        part = public_part(body, EXTERNAL.__contains__)
        assert tuple(part) == PUBLIC_NAMES
        assert not set(part) & set(INTERNAL_NAMES)
        assert set(part["flows"]) <= EXTERNAL


def test_no_word_of_an_internal_value_reaches_the_public_part() -> None:
    for category in CATEGORIES:
        details = {field.name: "CANARY" for field in category.details if field.audience is not Audience.PUBLIC}
        body = {
            **POWERS[0][1],
            **dict.fromkeys(INTERNAL_NAMES, "CANARY"),
            "category": category.key,
            "details": {**details, "unknown": "CANARY"},
            "flows": ["CANARY"],
        }
        assert "CANARY" not in canonical(public_part(body, EXTERNAL.__contains__))


def test_what_nobody_listed_stays_inside() -> None:
    assert "range_checked" not in public_detail_names("penalty")
    assert public_detail_names("unknown") == ()
    body = {**POWERS[0][1], "sneaky": "CANARY", "code": "X", "record": "power"}
    assert set(public_part(body, EXTERNAL.__contains__)) == set(PUBLIC_NAMES)
