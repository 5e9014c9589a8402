"""The search data of a bundle as a file: a classic script, so that a page opened from a folder can load it.

`write` and `read` are inverse; the server reads the same file that the browser runs.
"""

import json
from dataclasses import asdict
from typing import Any

from webapp.bundle.search import Nuisance, SearchData, SearchRecord
from webapp.rules import RuleBroken

PATH = "assets/search-data.js"
_HEAD = "window.ZHIQUAN_SEARCH = "
_TAIL = ";\n"
# A script is no HTML, but these never do harm when somebody pastes it into a page or reads it with an old engine.
_ESCAPES = str.maketrans({"<": "\\u003c", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def write(data: SearchData) -> bytes:
    """Return the file: records as rows in the order of `SearchRecord`, one a line."""
    records = ",\n".join(map(_json, data.records))
    nuisances = ",\n".join(_json(asdict(row)) for row in data.nuisances)
    body = f'{{"fields":{_json(SearchRecord._fields)},\n"records":[\n{records}\n],\n"nuisances":[\n{nuisances}\n],\n'
    return f'{_HEAD}{body}"known":{_json(data.known)}}}{_TAIL}'.encode()


def read(content: bytes) -> SearchData:
    """Read what `write` wrote; raise RuleBroken when it is something else."""
    try:
        text = content.decode()
        loaded: dict[str, Any] = json.loads(text.removeprefix(_HEAD).removesuffix(_TAIL))
        return SearchData(
            records=tuple(SearchRecord(*row) for row in loaded["records"]),
            nuisances=tuple(_nuisance(row) for row in loaded["nuisances"]),
            known=tuple(loaded["known"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise RuleBroken("公开包的检索数据无法读取。请核对公开包是否完整，或从已存的公开版重新取出。") from error


def _nuisance(row: dict[str, Any]) -> Nuisance:
    row["words"] = tuple(row["words"])
    row["known"] = tuple(row["known"])
    row["powers"] = tuple((code, name) for code, name in row["powers"])
    return Nuisance(**row)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
