"""The points of a checklist and their answers: what is asked, what an answer must bring, what is missing. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webapp.digests import digest
from webapp.rules import RuleBroken

ANSWERS = ("met", "mostly", "unmet", "not_applicable", "not_checked")
ANSWER_WORDS = {
    "met": "符合",
    "mostly": "基本符合",
    "unmet": "不符合",
    "not_applicable": "不适用",
    "not_checked": "未查",
}
BY_WORD = {word: key for key, word in ANSWER_WORDS.items()}
REASONED = frozenset({"not_applicable", "not_checked"})  # these two always say why
_SEVERITY = {"轻微": "minor", "一般": "ordinary", "较重": "serious", "严重": "serious"}


@dataclass(frozen=True)
class Point:
    """One point to inspect. The `…_on` hold the answers that need a note, proof, or become a finding."""

    key: str
    text: str
    guidance: str
    answers: tuple[str, ...]
    weight: int
    severity: str
    basis: str
    proof: str  # what proof is usual
    note_on: frozenset[str]
    evidence_on: frozenset[str]
    finding_on: frozenset[str]
    field: str = ""  # of the power's entry, where the point inspects one
    step: str = ""  # of its chart


@dataclass(frozen=True)
class PointSection:
    """Points under one heading."""

    title: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Answered:
    """An answer as it stands: value, note, number of proofs."""

    value: str
    note: str = ""
    proofs: int = 0


@dataclass(frozen=True)
class Gap:
    """What one point still needs."""

    key: str
    sentence: str


def read_points(content: Mapping[str, Any]) -> tuple[PointSection, ...]:
    """Return the sections of a stored content; raise RuleBroken where it is no checklist."""
    try:
        return tuple(
            PointSection(section["title"], tuple(map(_point, section["items"]))) for section in content["sections"]
        )
    except (KeyError, TypeError, ValueError) as error:
        raise RuleBroken("检查清单的内容不完整，请核对后重新录入。") from error


def all_points(sections: Iterable[PointSection]) -> Iterator[Point]:
    """Yield the points in the checklist's order."""
    for section in sections:
        yield from section.points


def gaps(sections: Iterable[PointSection], answers: Mapping[str, Answered]) -> Sequence[Gap]:
    """Return what is missing before an inspection can be finished, in the checklist's order."""
    found: list[Gap] = []
    for point in all_points(sections):
        answer = answers.get(point.key)
        if answer is None:
            found.append(Gap(point.key, f"{point.key}还没有结果，没有查的请选“未查”并说明原因。"))
            continue
        word = ANSWER_WORDS[answer.value]
        if (answer.value in REASONED or answer.value in point.note_on) and not answer.note.strip():
            found.append(Gap(point.key, f"{point.key}选了“{word}”，请写明情况或原因。"))
        if answer.value in point.evidence_on and not answer.proofs:
            found.append(Gap(point.key, f"{point.key}选了“{word}”，请附证据：{point.proof or '照片或复印件'}。"))
    return found


def seen_mark(value: str, note: str) -> str:
    """Return what travels in the form as the answer that was seen."""
    return digest([value, note])[:16]


def library_content(checklist: Mapping[str, Any]) -> dict[str, Any]:
    """Return the stored form of a checklist as the library's file has it, its words turned into keys."""
    return {
        "sections": [
            {"title": section["title"], "items": [_from_library(item) for item in section["items"]]}
            for section in checklist["sections"]
        ],
    }


def commitment_section(body: Mapping[str, Any], steps: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """Return the points that follow from what a power has published about itself: its promises and its steps.

    `body` is the entry, `steps` those of its chart. None where it promises nothing that can be looked at.
    """
    items: list[dict[str, Any]] = []
    promised = body.get("promised_limit") or {}
    if promised.get("n"):
        unit = {"working_day": "个工作日", "day": "日", "month": "个月", "hour": "小时", "year": "年"}.get(
            promised.get("unit", ""), ""
        )
        items.append(
            _generated("GC01", f"抽查的办件都在承诺的{promised['n']}{unit}内办结", "promised_limit", "办件登记簿")
        )
    for number, (field, label) in enumerate(_COMMITMENTS, 2):
        text = body.get(field)
        told = "、".join(map(str, text)) if isinstance(text, list) else str(text or "")
        if told.strip():
            items.append(_generated(f"GC{number:02}", f"{label}与公开的一致：{told[:120]}", field, "现场照片、记录"))
    for number, step in enumerate((s for s in steps if s.get("kind", "step") in {"step", "decision"}), 1):
        who = step.get("post") or step.get("section") or ""
        items.append(
            _generated(
                f"GS{number:02}",
                f"“{step.get('name', '')}”环节{f'由{who}' if who else ''}按流程图办理，留有记录",
                "flows",
                "案卷中该环节的文书",
                str(step.get("key") or step.get("id") or ""),
            ),
        )
    return {"title": "本职权公开的承诺和环节", "items": items} if items else None


_COMMITMENTS = (
    ("fees", "收费依据和标准"),
    ("publication_forms", "公开形式"),
    ("publication_time", "公开时间"),
    ("service_commitment", "服务承诺"),
    ("complaint_channel", "投诉途径"),
)


def _generated(key: str, text: str, field: str, proof: str, step: str = "") -> dict[str, Any]:
    return {
        "key": key,
        "text": text,
        "guidance": "根据职权目录和流程图自动列出，对照公开的内容和实际办理情况检查。",
        "answers": list(ANSWERS),
        "weight": 5,
        "severity": "ordinary",
        "basis": "职权目录公开的承诺",
        "proof": proof,
        "note_on": ["unmet"],
        "evidence_on": [],
        "finding_on": ["unmet"],
        "field": field,
        "step": step,
    }


def _from_library(item: Mapping[str, Any]) -> dict[str, Any]:
    finding_on = [BY_WORD[word] for word in item["raises_finding_on"]]
    return {
        "key": item["key"],
        "text": item["text"],
        "guidance": item["guidance"],
        "answers": [BY_WORD[word] for word in item["answer_set"]],
        "weight": item["weight"],
        "severity": _SEVERITY[item["severity_if_failed"]],
        "basis": item["basis"],
        "proof": item["required_evidence"],
        "note_on": [BY_WORD[word] for word in item["requires_note_on"]],
        "evidence_on": finding_on,
        "finding_on": finding_on,
        "field": item["linked_field"] or "",
        "step": item["linked_step_kind"] or "",
    }


def _point(item: Mapping[str, Any]) -> Point:
    answers = tuple(item["answers"])
    if not answers or not set(answers) <= set(ANSWERS):
        raise ValueError("answers")
    return Point(
        key=item["key"],
        text=item["text"],
        guidance=item["guidance"],
        answers=answers,
        weight=int(item["weight"]),
        severity=item["severity"],
        basis=item["basis"],
        proof=item["proof"],
        note_on=frozenset(item["note_on"]),
        evidence_on=frozenset(item["evidence_on"]),
        finding_on=frozenset(item["finding_on"]),
        field=item.get("field", ""),
        step=item.get("step", ""),
    )
