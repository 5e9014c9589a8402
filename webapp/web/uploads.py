"""The file a form brought along."""

from flask import request

from webapp.rules import RuleBroken


def uploaded_file() -> tuple[bytes, str]:
    """Return content and name of the form's `file`; raise RuleBroken where none was chosen."""
    file = request.files.get("file")
    if file is None or not file.filename:
        raise RuleBroken("请选择要导入的文件。", "file")
    with file.stream as stream:  # a large upload lies in a temporary file
        return stream.read(), file.filename
