"""Acts at the same instant from several processes: only legal ends, each explained by the history.

Short here; `make soak` sets ZHIQUAN_ROUNDS=500.
"""

import os
from collections import Counter

import pytest

from harness import walk
from harness.bureau import SmallBureau, power_body
from harness.races import contend, history_of
from webapp.journal import operations as journal

pytestmark = pytest.mark.soak
ROUNDS = int(os.environ.get("ZHIQUAN_ROUNDS", "6"))


def _submitted(bureau: SmallBureau, rounds: int) -> list[int]:
    records = []
    for number in range(rounds):
        record = walk.create(bureau, bureau.clerk, "power", power_body(name=f"竞争{number}"))
        walk.submit(bureau, bureau.clerk, record)
        records.append(record)
    return records


def test_32_parallel_approvals_of_one_revision_make_one_act(bureau: SmallBureau) -> None:
    record = _submitted(bureau, 1)[0]
    (outcomes,) = contend(
        bureau.database.url.render_as_string(hide_password=False),
        [record],
        [("chief", "approve")] * 4,
        threads=8,
    )
    assert Counter(outcomes) == {"done": 1, "Stale": 31}
    _, steps, stage = history_of(bureau, record)
    assert [action for action, _ in steps] == ["submit", "approve"]
    assert stage == "office_review"
    with bureau.database.reading() as session:
        assert journal.verify(session) is None


@pytest.mark.parametrize("deed", ["recall", "return", "edit"])
def test_approving_against_another_act_ends_in_one_of_the_legal_states(bureau: SmallBureau, deed: str) -> None:
    records = _submitted(bureau, ROUNDS)
    other = "chief" if deed == "return" else "clerk"
    url = bureau.database.url.render_as_string(hide_password=False)
    for record, outcomes in zip(records, contend(url, records, [("chief", "approve"), (other, deed)]), strict=True):
        assert set(outcomes) <= {"done", "Stale", "NotAllowed", "RuleBroken"}
        assert outcomes.count("done") == 1, outcomes
        digest, steps, stage = history_of(bureau, record)
        actions = [action for action, _ in steps]
        if "approve" in actions:
            assert actions == ["submit", "approve"]
            assert stage == "office_review"
            assert dict(steps)["approve"] == digest
        else:
            assert stage == {"recall": "draft", "return": "returned", "edit": "section_review"}[deed]
            assert (
                actions
                == {
                    "recall": ["submit", "recall"],
                    "return": ["submit", "return"],
                    "edit": ["submit", "recall", "submit"],
                }[deed]
            )
    with bureau.database.reading() as session:
        assert journal.verify(session) is None
