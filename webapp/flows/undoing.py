"""Taking back the last acts on the rows of a chart's draft, and doing them again: a buffer beside the autosave."""

import json
from typing import Any

from sqlalchemy.orm import Session

from webapp import scan
from webapp.flows.models import ChartStates
from webapp.policy import Actor
from webapp.revisions import operations as revisions
from webapp.revisions.kinds import Body
from webapp.revisions.reading import seen_listing
from webapp.rules import RuleBroken

MOST = 20  # acts that can be taken back
_LARGEST = 2_000_000  # characters of all states


def remember_state(session: Session, by: Actor, record_id: int, body: Body, *, seen_version: int | None) -> None:
    """Keep what stands before an act on its rows; what was taken back before can no longer be done again."""
    kept = _states(session, by, record_id, seen_version)
    if seen_version is None:
        return  # a form that says not what it was made from is shown again, and its save refused
    _put(kept, [*json.loads(kept.done), _checked(body)], [])


def take_back(session: Session, by: Actor, record_id: int, body: Body, *, seen_version: int | None) -> Body:
    """Return the state before the last act, keeping what stands now for doing it again. Raises RuleBroken."""
    kept = _states(session, by, record_id, seen_version)
    done, undone = json.loads(kept.done), json.loads(kept.undone)
    if not done:
        raise RuleBroken("没有可以撤销的操作。表格没有改动。")
    state: Body = done.pop()
    _put(kept, done, [*undone, _checked(body)])
    return state


def do_again(session: Session, by: Actor, record_id: int, body: Body, *, seen_version: int | None) -> Body:
    """Return the state that was last taken back. Raises RuleBroken."""
    kept = _states(session, by, record_id, seen_version)
    done, undone = json.loads(kept.done), json.loads(kept.undone)
    if not undone:
        raise RuleBroken("没有可以恢复的操作。表格没有改动。")
    state: Body = undone.pop()
    _put(kept, [*done, _checked(body)], undone)
    return state


def carry_states(session: Session, by: Actor, record_id: int, *, seen_version: int | None, version: int) -> None:
    """Let what can be taken back stay so after the person's own save; called by the operation that saves."""
    kept = session.get(ChartStates, (record_id, by.account))
    if kept is not None and kept.seen_version == seen_version:
        kept.seen_version = version


def _states(session: Session, by: Actor, record_id: int, seen_version: int | None) -> ChartStates:
    """Return the states of this person's work; emptied where somebody else saved the draft since."""
    seen_listing(session, by, "flow", record_id)
    record = revisions.lock_record(session, record_id)
    revisions.require_editor(record, by)
    if record.stage not in revisions.EDITABLE:
        raise RuleBroken("本图正在审核中，不能修改。需要修改的，请先收回或等待退回。")
    version = seen_version or 0
    kept = session.get(ChartStates, (record_id, by.account))
    if kept is None:
        kept = ChartStates(record_id=record_id, account_id=by.account, seen_version=version, done="[]", undone="[]")
        session.add(kept)
    elif kept.seen_version != version:
        kept.seen_version, kept.done, kept.undone = version, "[]", "[]"
    return kept


def _checked(body: Body) -> Body:
    if sentence := scan.secrecy_sentence(json.dumps(body, ensure_ascii=False)):
        raise RuleBroken(sentence)
    return body


def _put(kept: ChartStates, done: list[Any], undone: list[Any]) -> None:
    """Keep the latest states; the oldest go first where they become too many or too long."""
    done, undone = done[-MOST:], undone[-MOST:]
    while True:
        texts = [json.dumps(states, ensure_ascii=False) for states in (done, undone)]
        if sum(map(len, texts)) <= _LARGEST or not done:
            break
        done = done[1:]
    kept.done, kept.undone = texts
