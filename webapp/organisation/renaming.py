"""Sections' names in the body of a record, put for others. Pure: what an immutable revision says is never touched."""

from collections.abc import Iterable, Mapping

from webapp.revisions.kinds import Body


def with_names(kind: str, body: Body, names: Mapping[str, str]) -> Body:
    """Return a body with section names replaced, old to new; the same object where it names none of them.

    A section named twice after a merger stands once, in the most binding part: lead, then joint, then support.
    """
    if kind == "flow":
        if not any(step["section"] in names for step in body["steps"]):
            return body
        steps = [{**step, "section": names.get(step["section"], step["section"])} for step in body["steps"]]
        return {**body, "steps": steps}
    if kind == "withholding":
        return {**body, "section": names[body["section"]]} if body["section"] in names else body
    if not names.keys() & {body["section"], *body["joint_sections"], *body["support_sections"]}:
        return body
    lead = names.get(body["section"], body["section"])
    joint = _once((names.get(name, name) for name in body["joint_sections"]), {lead})
    support = _once((names.get(name, name) for name in body["support_sections"]), {lead, *joint})
    return {**body, "section": lead, "joint_sections": joint, "support_sections": support}


def _once(names: Iterable[str], without: set[str]) -> list[str]:
    return [name for name in dict.fromkeys(names) if name not in without]
