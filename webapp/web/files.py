"""Files people brought as proof, handed out only through the thing they belong to.

A gate is a function of a page module: given a file it returns the name under which this viewer may have it, or None.
Whoever adds a thing that files belong to adds its gate to GATES; a file that no gate opens is 404.
"""

from collections.abc import Callable

from flask import Blueprint, Response
from sqlalchemy.orm import Session

from webapp.files.kinds import BY_MEDIA_TYPE
from webapp.files.models import File
from webapp.files.storing import read_bytes
from webapp.inspections.reading import evidence_name
from webapp.policy import Actor, Permission
from webapp.rules import NotFound
from webapp.web.routes import current_actor, end_reading, file_response, reading, route, settings

blueprint = Blueprint("files", __name__)
Gate = Callable[[Session, int, Actor], str | None]
GATES: tuple[Gate, ...] = (evidence_name,)
_POLICY = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"


@route(blueprint, "/files/<int:file_id>/<name>", permission=Permission.SEE_RECORDS)
def file(file_id: int, name: str) -> Response:  # noqa: ARG001 - the name in the address is for the reader's eyes
    """Hand out a file: pictures and PDF to be looked at in a sandbox, everything else to be saved."""
    session, viewer = reading(), current_actor()
    row = session.get(File, file_id)
    shown_as = None if row is None else next((told for gate in GATES if (told := gate(session, file_id, viewer))), None)
    if row is None or shown_as is None:
        raise NotFound
    end_reading()
    content, kind = read_bytes(settings().files, row.sha256), BY_MEDIA_TYPE[row.media_type]
    response = file_response(content, kind.media_type, file_name=shown_as)
    if kind.is_shown:
        response.headers.set("Content-Disposition", "inline", filename=shown_as)
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["Cache-Control"] = "private, no-store"
    return response
