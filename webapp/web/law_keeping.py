"""Keeping the law library: laws, editions, articles, successors, tables; and what typing a citation finds."""

from datetime import date

from flask import Blueprint, Response, request

from webapp import clock
from webapp.accounts.forms import optional_day
from webapp.documents.reading import previewed_rows
from webapp.laws import forms, operations
from webapp.laws.models import Law, LawVersion
from webapp.laws.reading import read_library
from webapp.pages.law_keeping import (
    IMPORT_COLUMNS,
    EditionPage,
    edition_page,
    law_form_page,
    law_import_page,
    law_rows_page,
    suggestions,
)
from webapp.pages.laws import PATH
from webapp.policy import Permission
from webapp.revisions.reading import linked_targets
from webapp.rules import NotFound, RuleBroken
from webapp.web.fragments import answer, see_other, toast
from webapp.web.problems import Problems, form_errors
from webapp.web.routes import current_actor, reading, route, writing
from webapp.web.uploads import uploaded_file

blueprint = Blueprint("law_keeping", __name__)
_SEE, _KEEP = Permission.SEE_LAWS, Permission.KEEP_LAWS


@route(blueprint, f"{PATH}/suggestions", permission=_SEE)
def law_suggestions() -> Response:
    """Show what the citation being typed may mean, to choose from."""
    typed = next((value for name, value in request.args.items() if name.endswith("-law") or name == "q"), "")
    try:
        day = optional_day(request.args, "reference_date") or clock.today()
    except RuleBroken:
        day = clock.today()
    rows = suggestions(read_library(reading()), typed[:120], day)
    return answer("laws/suggestions.html", block="main", rows=rows, typed_text=typed[:120])


@route(blueprint, f"{PATH}/new", permission=_KEEP)
def new_law() -> Response:
    """Show the form for a law."""
    return answer("laws/draft.html", page=law_form_page(reading(), None))


@route(blueprint, PATH, permission=_KEEP, methods=["POST"])
def create_law() -> Response:
    """Take a law in."""
    by = current_actor()
    address = ""
    with form_errors() as problems:
        entry = forms.law_form(request.form)
        with writing() as session:
            address = f"{PATH}/{operations.add_law(session, entry, by=by).id}"
    if problems:
        page = law_form_page(reading(), None)
        return answer("laws/draft.html", page=page, problems=problems, typed=request.form, status=problems.status)
    toast("法规已登记，请接着增加版本。")
    return see_other(address)


@route(blueprint, f"{PATH}/<int:law_id>/draft", permission=_KEEP)
def law_draft(law_id: int) -> Response:
    """Show the form of a law's names and kind."""
    return answer("laws/draft.html", page=law_form_page(reading(), law_id))


@route(blueprint, f"{PATH}/<int:law_id>/draft", permission=_KEEP, methods=["POST"])
def change_law(law_id: int) -> Response:
    """Change a law's full name, kind and short names."""
    by, form = current_actor(), request.form
    with form_errors() as problems:
        law = reading().get(Law, law_id)
        if law is None:
            raise NotFound
        entry = forms.law_form(form, name=law.name)
        with writing() as session:
            cited = {target.partition("|")[0] for target in linked_targets(session, "law")}
            operations.change_law(session, law_id, entry, seen_digest=form.get("seen_digest"), cited=cited, by=by)
    if problems:
        page = law_form_page(reading(), law_id)
        return answer("laws/draft.html", page=page, problems=problems, typed=form, status=problems.status)
    toast("法规已修改。")
    return see_other(f"{PATH}/{law_id}")


@route(blueprint, f"{PATH}/<int:law_id>/editions", permission=_KEEP)
def new_edition(law_id: int) -> Response:
    """Show the form for a further edition."""
    law = reading().get(Law, law_id)
    if law is None:
        raise NotFound
    return answer("laws/new_edition.html", law=law)


@route(blueprint, f"{PATH}/<int:law_id>/editions", permission=_KEEP, methods=["POST"])
def add_edition(law_id: int) -> Response:
    """Add an edition to a law."""
    by = current_actor()
    address = ""
    if reading().get(Law, law_id) is None:
        raise NotFound
    with form_errors() as problems:
        entry = forms.edition_form(request.form)
        with writing() as session:
            version = operations.put_edition(session, law_id, entry, seen_digest="", by=by)
            address = f"{PATH}/editions/{version.id}"
    if problems:
        law = reading().get(Law, law_id)
        return answer("laws/new_edition.html", law=law, problems=problems, typed=request.form, status=problems.status)
    toast("版本已增加。")
    return see_other(address)


@route(blueprint, f"{PATH}/editions/<int:edition_id>", permission=_SEE)
def edition(edition_id: int) -> Response:
    """Show one edition with its articles."""
    return answer("laws/edition.html", page=_edition_page(edition_id), part="")


@route(blueprint, f"{PATH}/editions/<int:edition_id>", permission=_KEEP, methods=["POST"])
def change_edition(edition_id: int) -> Response:
    """Change an edition's document, dates and what replaced it."""
    by, form = current_actor(), request.form
    with form_errors() as problems:
        version = reading().get(LawVersion, edition_id)
        if version is None:
            raise NotFound
        entry, law_id = forms.edition_form(form, edition=version.edition), version.law_id
        with writing() as session:
            operations.put_edition(session, law_id, entry, seen_digest=form.get("seen_digest") or "-", by=by)
    return _edition_done(edition_id, "edition", problems, "版本已修改。")


@route(blueprint, f"{PATH}/editions/<int:edition_id>/articles", permission=_KEEP, methods=["POST"])
def articles(edition_id: int) -> Response:
    """Add an article to an edition, or change its text."""
    by, form = current_actor(), request.form
    _edition_page(edition_id)  # NotFound before anything typed is judged
    with form_errors() as problems:
        entry = forms.article_form(form)
        with writing() as session:
            operations.put_article(session, edition_id, entry, seen_digest=form.get("seen_digest", ""), by=by)
    return _edition_done(edition_id, "article", problems, "条文已保存。")


@route(blueprint, f"{PATH}/editions/<int:edition_id>/successors", permission=_KEEP, methods=["POST"])
def successors(edition_id: int) -> Response:
    """Keep that an article of this edition was replaced by another."""
    by, form = current_actor(), request.form
    with form_errors() as problems:
        version = reading().get(LawVersion, edition_id)
        if version is None:
            raise NotFound
        law = reading().get_one(Law, version.law_id)
        entry = forms.successor_form({**form.to_dict(), "from_edition": version.edition}, law.name)
        with writing() as session:
            operations.add_successor(session, law.id, entry, by=by)
    return _edition_done(edition_id, "successor", problems, "新旧条文对照已登记。")


@route(blueprint, f"{PATH}/imports/new", permission=_KEEP)
def new_law_import() -> Response:
    """Show the form that takes a table of laws."""
    return answer("laws/import.html", columns=IMPORT_COLUMNS, page=None)


@route(blueprint, f"{PATH}/imports", permission=_KEEP, methods=["POST"])
def law_imports() -> Response:
    """Show what a table would do to the library; nothing is stored."""
    page = None
    with form_errors() as problems:
        page = law_import_page(reading(), *uploaded_file())
    status = problems.status if problems else 200
    return answer("laws/import.html", columns=IMPORT_COLUMNS, page=page, problems=problems, status=status)


@route(blueprint, f"{PATH}/imports/confirmations", permission=_KEEP, methods=["POST"])
def law_import_confirmations() -> Response:
    """Take the previewed entries in."""
    by = current_actor()
    changed, page = 0, None
    with form_errors() as problems:
        rows = previewed_rows(request.form.get("data", ""))
        page = law_rows_page(reading(), rows, request.form.get("file_name", "")[:120])
        with writing() as session:
            changed = operations.import_laws(session, rows, by=by)
    if problems:
        return answer("laws/import.html", columns=IMPORT_COLUMNS, page=page, problems=problems, status=problems.status)
    toast(f"已导入，共改动{changed}处。" if changed else "内容与库中相同，没有改动。")
    return see_other(PATH)


def _edition_page(edition_id: int, day: date | None = None) -> EditionPage:
    version = reading().get(LawVersion, edition_id)
    if version is None:
        raise NotFound
    seen = operations.edition_digest(version)
    return edition_page(reading(), edition_id, day or clock.today(), seen=seen, viewer=current_actor())


def _edition_done(edition_id: int, part: str, problems: Problems, sentence: str) -> Response:
    if problems:
        page = _edition_page(edition_id)
        return answer(
            "laws/edition.html", page=page, part=part, problems=problems, typed=request.form, status=problems.status
        )
    toast(sentence)
    return see_other(f"{PATH}/editions/{edition_id}")
