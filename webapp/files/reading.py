"""Looking up files, and whether the disk still holds what the rows say. Only reads."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.files.models import File
from webapp.files.storing import place_of

_CHUNK = 1 << 20


def file_faults(session: Session, folder: Path) -> Iterator[str]:
    """Yield a sentence for each stored file that is missing or changed."""
    for row in session.execute(select(File.id, File.sha256, File.size).order_by(File.id)):
        place = place_of(folder, row.sha256)
        if not place.is_file():
            yield f"第{row.id}号附件的文件不在(files/{row.sha256[:2]}/{row.sha256[:12]}…)。"
        elif place.stat().st_size != row.size or _digest(place) != row.sha256:
            yield f"第{row.id}号附件的内容与登记的校验码不符(files/{row.sha256[:2]}/{row.sha256[:12]}…)。"


def _digest(place: Path) -> str:
    seen = hashlib.sha256()
    with place.open("rb") as file:
        while chunk := file.read(_CHUNK):
            seen.update(chunk)
    return seen.hexdigest()
