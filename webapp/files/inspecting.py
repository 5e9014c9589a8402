"""Asking the child what is in a file; the app never opens one itself."""

import base64
from functools import lru_cache
from pathlib import Path

from webapp.child import MEBIBYTE, ChildBusy, ChildFailed, ChildPool, Limits, module_command
from webapp.files.kinds import MAX_PHOTO, PDF, FileKind
from webapp.rules import RuleBroken

SECONDS = 20.0


class NotLookedAt(RuleBroken):
    """A file could not be looked at now."""

    status = 503


@lru_cache(maxsize=1)
def inspector() -> ChildPool:
    """Return this process's inspector of files, started when first needed."""
    limits = Limits(memory=1024 * MEBIBYTE, cpu_seconds=300, answer_bytes=2 * MAX_PHOTO, jobs=60)
    return ChildPool(module_command("webapp.files.inspecting_child"), limits, size=1, queue=16, wait_seconds=20.0)


def inspect_file(path: Path, kind: FileKind) -> None:
    """Look into a picture or an office file that lies on the disk; raise RuleBroken with what is wrong."""
    if kind is not PDF:
        _ask({"path": str(path), "kind": _NAMES[kind.ending]})


def public_image(path: Path, kind: FileKind) -> bytes:
    """Return a JPEG of a stored picture for the public: turned upright, at most 2,000 pixels, without EXIF."""
    answer = _ask({"path": str(path), "kind": _NAMES[kind.ending], "public": True})
    return base64.b64decode(answer["image"])


_NAMES = {".jpg": "jpeg", ".png": "png", ".docx": "docx", ".xlsx": "xlsx"}


def _ask(job: dict[str, object]) -> dict[str, str]:
    try:
        answer = inspector().ask(job, SECONDS)
    except ChildBusy:
        raise NotLookedAt("正在检查的文件较多，本文件暂未保存。请稍后再传一次。", "file") from None
    except ChildFailed as failed:
        raise RuleBroken("文件过大或结构异常，检查已中止，没有保存。请另存或调小后再传。", "file") from failed
    if "why" in answer:
        raise RuleBroken(answer["why"], "file")
    return answer
