"""The working-day calendar, read by everyone and loaded by the system administrator; and the settings."""

from flask import Blueprint, Response, request

from webapp import clock
from webapp.accounts import organising
from webapp.deadlines import operations
from webapp.documents.reading import previewed_rows
from webapp.pages.calendar import PATH, calendar_import_page, calendar_page, calendar_rows_page
from webapp.pages.settings import PATH as SETTINGS
from webapp.pages.settings import settings_page
from webapp.policy import Permission
from webapp.web.fragments import answer, see_other, toast
from webapp.web.problems import form_errors
from webapp.web.routes import current_actor, reading, route, settings, writing
from webapp.web.uploads import uploaded_file

blueprint = Blueprint("administration", __name__)
_SEE, _MANAGE = Permission.SEE_ORGANISATION, Permission.MANAGE_SETTINGS


@route(blueprint, PATH, permission=_SEE)
def calendar() -> Response:
    """Show which years are loaded, and what differs from the week in one."""
    today = clock.today()
    text = request.args.get("year", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == len("2008") else today.year
    return answer("calendar/show.html", page=calendar_page(reading(), max(year, 1), today, viewer=current_actor()))


@route(blueprint, f"{PATH}/imports/new", permission=_MANAGE)
def new_calendar_import() -> Response:
    """Show the form that takes a notice as a table."""
    return answer("calendar/import.html", page=None)


@route(blueprint, f"{PATH}/imports", permission=_MANAGE, methods=["POST"])
def calendar_imports() -> Response:
    """Show what a table would change; nothing is stored."""
    page = None
    with form_errors() as problems:
        page = calendar_import_page(reading(), *uploaded_file())
    status = problems.status if problems else 200
    return answer("calendar/import.html", page=page, problems=problems, status=status)


@route(blueprint, f"{PATH}/imports/confirmations", permission=_MANAGE, methods=["POST"])
def calendar_import_confirmations() -> Response:
    """Take the previewed days in."""
    by = current_actor()
    changed, page = 0, None
    with form_errors() as problems:
        rows = previewed_rows(request.form.get("data", ""))
        page = calendar_rows_page(reading(), rows, request.form.get("file_name", "")[:120])
        with writing() as session:
            changed = operations.import_calendar(session, rows, by=by)
    if problems:
        return answer("calendar/import.html", page=page, problems=problems, status=problems.status)
    toast(f"日历已录入，共{changed}天有变化。" if changed else "与现有日历相同，没有变化。")
    return see_other(PATH)


@route(blueprint, SETTINGS, permission=_MANAGE)
def bureau_settings() -> Response:
    """Show what is set."""
    return answer("settings/show.html", page=settings_page(reading(), settings()))


@route(blueprint, SETTINGS, permission=_MANAGE, methods=["POST"])
def change_settings() -> Response:
    """Change what is kept of the bureau itself."""
    by, form = current_actor(), request.form
    with form_errors() as problems, writing() as session:
        organising.change_bureau(session, form, seen_digest=form.get("seen_digest"), by=by)
    if problems:
        page = settings_page(reading(), settings())
        return answer("settings/show.html", page=page, problems=problems, typed=form, status=problems.status)
    toast("设置已保存。")
    return see_other(SETTINGS)
