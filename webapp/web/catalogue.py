"""The catalogue as everyone in the bureau reads it, and handing it out as a table."""

import json

from flask import Blueprint, Response, request

from webapp.documents.sheets import Replaced, Sheet, write_csv, write_xlsx
from webapp.pages.catalogue import (
    PATH,
    catalogue_entry_page,
    catalogue_page,
    export_cells,
    export_headings,
    export_rows,
)
from webapp.pages.finding import Filters
from webapp.policy import Permission
from webapp.rules import RuleBroken
from webapp.web.fragments import answer
from webapp.web.routes import current_actor, file_response, page_number, reading, route

blueprint = Blueprint("catalogue", __name__)
_SEE = Permission.SEE_CATALOGUE
_NAME = "职权目录"


@route(blueprint, PATH, permission=_SEE)
def catalogue() -> Response:
    """Show the catalogue, narrowed down as the address says."""
    page = catalogue_page(reading(), _filters(), page=page_number(), viewer=current_actor())
    return answer("catalogue/list.html", block="list", page=page)


@route(blueprint, f"{PATH}/export", permission=Permission.EXPORT_CATALOGUE)
def export() -> Response:
    """Hand the catalogue out with the same filters: public and bureau entries as approved, their public fields."""
    form = request.args.get("format", "")
    rows = export_rows(reading(), _filters())
    match form:
        case "csv":
            content = write_csv([export_headings(), *map(export_cells, rows)], Replaced())
            return file_response(content, "text/csv", file_name=f"{_NAME}.csv")
        case "xlsx":
            sheet = Sheet(_NAME, export_headings(), map(export_cells, rows), widths=(16, 14, 32, 12, 24))
            media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
            return file_response(write_xlsx([sheet]), media_type, file_name=f"{_NAME}.xlsx")
        case "jsonl":
            lines = ({"record": "power", "code": row.code, **row.entry} for row in rows)
            text = "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines)
            return file_response(text, "application/jsonl", file_name=f"{_NAME}.jsonl")
        case _:
            raise RuleBroken("请选择导出格式:xlsx、csv或jsonl。", "format")


@route(blueprint, f"{PATH}/<code>", permission=_SEE)
def entry(code: str) -> Response:
    """Show one entry as approved."""
    return answer("catalogue/show.html", page=catalogue_entry_page(reading(), code, viewer=current_actor()))


def _filters() -> Filters:
    """Return the filters of the address; everything here stands at one stage, so that is none."""
    given = request.args.to_dict()
    given.pop("stage", None)
    return Filters.of(given)
