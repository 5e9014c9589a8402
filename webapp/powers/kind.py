"""What a power must say of itself so that its drafts, revisions and listings can be kept."""

from webapp.powers import completeness
from webapp.powers.fields import check_entry
from webapp.powers.parts import internal_part, join_parts, public_part
from webapp.revisions.kinds import Body, BodyProblem, Description, Kind


def _check(body: Body) -> list[BodyProblem]:
    return [BodyProblem(problem.field, problem.sentence) for problem in check_entry(body)]


def _missing(body: Body) -> list[BodyProblem]:
    return [BodyProblem(problem.field, problem.sentence) for problem in completeness.missing(body)]


def describe(body: Body) -> Description:
    """Return what lists, searches and links need to know of an entry."""
    laws = dict.fromkeys((row["law"], row.get("edition", "")) for row in body["basis"])
    return Description(
        name=body["name"],
        category=body["category"],
        section=body["section"],
        involved=(*body["joint_sections"], *body["support_sections"]),
        disclosure=body["disclosure"],
        verdict=body["verdict"],
        direction=body["direction"],
        search=(
            body["name"],
            body["section"],
            body["conditions"],
            *(f"{row['law']}{row.get('article', '')}" for row in body["basis"]),
            *body["flows"],
        ),
        links=(
            *(("flow", number) for number in body["flows"]),
            *(("law", f"{law}|{edition}") for law, edition in laws if law),
            *(("contact", body[name]) for name in ("contact", "supervision_contact") if body[name]),
        ),
    )


POWER = Kind(
    key="power",
    label="职权",
    describe=describe,
    check=_check,
    public_part=public_part,
    internal_part=internal_part,
    join=join_parts,
    missing=_missing,
)
