"""Bringing a file in through the page, and how many records stand."""

from sqlalchemy import func, select

from harness.bureau import SmallBureau
from harness.desks import Desk
from harness.visitors import OURS, Shown
from webapp.revisions.models import Record


def brings(person: Desk, content: bytes, name: str = "目录.jsonl", **fields: str) -> Shown:
    """Send a file from the form."""
    # Put together here: the test client would leave a temporary file open for a large one.
    parts = [(f'name="{key}"', value.encode()) for key, value in fields.items()]
    parts.append((f'name="file"; filename="{name}"', content))
    body = b"".join(
        b"--limit\r\nContent-Disposition: form-data; " + head.encode() + b"\r\n\r\n" + value + b"\r\n"
        for head, value in parts
    )
    media_type = "multipart/form-data; boundary=limit"
    return Shown(person.client.post("/imports", data=body + b"--limit--\r\n", content_type=media_type, headers=OURS))


def count(bureau: SmallBureau) -> int:
    """Return the number of records."""
    with bureau.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Record)) or 0
