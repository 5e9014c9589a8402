"""Shared clauses: read by category, changed one at a time."""

from flask import Blueprint, Response, request

from webapp.pages.finding import find_section, section_names
from webapp.pages.shared_clauses import PATH, address, shared_clauses_page
from webapp.policy import Permission
from webapp.powers import operations
from webapp.rules import NotFound
from webapp.web.fragments import answer, see_other, toast
from webapp.web.problems import form_errors
from webapp.web.routes import current_actor, reading, route, writing

blueprint = Blueprint("shared_clauses", __name__)
_EDIT = Permission.EDIT_SHARED_CLAUSES


@route(blueprint, PATH, permission=_EDIT)
def shared_clauses() -> Response:
    """Show the clauses of one of the person's sections for one category."""
    given = request.args
    page = shared_clauses_page(reading(), given.get("section", ""), given.get("category", ""), viewer=current_actor())
    return answer("clauses/list.html", page=page, changed="")


@route(blueprint, PATH, permission=_EDIT, methods=["POST"])
def change_shared_clause() -> Response:
    """Change one clause, and with it the drafts that show it."""
    by, form = current_actor(), request.form
    section, category, name = form.get("section", ""), form.get("category", ""), form.get("field", "")
    number = find_section(section_names(reading()), section)
    if number <= 0:
        raise NotFound
    version = form.get("seen_version", "")
    told = ""
    with form_errors() as problems, writing() as session:
        change = operations.change_shared_clause(
            session,
            by,
            section=number,
            category=category,
            field_name=name,
            content=form.get("content", ""),
            seen_version=int(version) if version.isascii() and version.isdigit() and len(version) < 10 else None,  # noqa: PLR2004 - digits of an integer column
        )
        told = f"共用条款已保存，{change.updated}份草稿已换用新文本。"
        if change.left:
            told += f"另有{change.left}项在审或已审定，未作改动；需要修改的，请在原事项中修改。"
    if problems:
        page = shared_clauses_page(reading(), section, category, viewer=by)
        return answer(
            "clauses/list.html", page=page, problems=problems, typed=form, changed=name, status=problems.status
        )
    toast(told)
    return see_other(f"{address(section, category)}#clause-{name}")
