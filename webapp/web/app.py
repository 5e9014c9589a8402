"""The staff app: puts the parts of this ring together. Blueprints are found by being there."""

import importlib
import os
import pkgutil
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, make_response, send_from_directory
from htmx_flask import Htmx
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, ValidationError

import webapp.web
from webapp import clock
from webapp.config import Settings, load_settings
from webapp.db import Database
from webapp.digests import sha256_hex
from webapp.policy import Permission
from webapp.web import context, errors, protection, sessions
from webapp.web.routes import end_reading, refuse_by_default, route
from webapp.web.templates import set_up_templates

ROOT = Path(__file__).resolve().parents[2]
_MAX_ID = 2**31 - 1
_YEAR = 365 * 24 * 3600


class RowId(IntegerConverter):
    """A row's number in an address; one that no database column can hold is no address at all."""

    regex = "[0-9]{1,10}"

    def to_python(self, value: str) -> int:
        """Return the number; raise ValidationError (404) where it is too large."""
        number = int(value)
        if number > _MAX_ID:
            raise ValidationError
        return number


def create_app(settings: Settings | None = None) -> Flask:
    """Make the staff app for an installation; settings are read from the environment where none are given."""
    told = settings or load_settings()
    app = Flask("webapp.web", static_folder=None, template_folder=str(ROOT / "templates"))
    app.extensions["zhiquan.settings"] = told
    app.extensions["zhiquan"] = Database(told.database_url)
    app.config.update(
        SECRET_KEY=told.secret_key,
        MAX_CONTENT_LENGTH=protection.MAX_REQUEST,
        MAX_FORM_MEMORY_SIZE=protection.MAX_FORM,
        MAX_FORM_PARTS=protection.MAX_PARTS,
        PROPAGATE_EXCEPTIONS=False,
    )
    if told.today is not None:
        clock.fix_day(told.today)
    if told.trusted_proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign] # as Flask documents it
            app.wsgi_app, x_for=told.trusted_proxies, x_proto=told.trusted_proxies, x_host=0, x_port=0, x_prefix=0
        )
    app.url_map.converters["int"] = RowId
    Htmx(app)
    protection.set_up_protection(app, told)
    sessions.set_up_sessions(app)
    app.before_request(refuse_by_default)
    app.teardown_request(end_reading)
    errors.set_up_errors(app)
    set_up_templates(app)
    _set_up_files(app)
    context.set_up_context(app)
    for blueprint in find_blueprints():
        app.register_blueprint(blueprint)
    return app


def find_blueprints() -> list[Blueprint]:
    """Return the `blueprint` of every module of this ring that has one, by the modules' names."""
    names = sorted(module.name for module in pkgutil.iter_modules(webapp.web.__path__))
    modules = [importlib.import_module(f"webapp.web.{name}") for name in names]
    return [module.blueprint for module in modules if isinstance(getattr(module, "blueprint", None), Blueprint)]


def _set_up_files(app: Flask) -> None:
    """Serve our own style sheets and scripts; the address carries their digest, so they may be kept for a year."""
    folder = ROOT / "static"
    digests: dict[str, tuple[int, str]] = {}

    def digest_of(filename: str) -> str:
        try:
            changed = os.stat(f"{folder}/{filename}").st_mtime_ns  # noqa: PTH116 - for each file of every page
        except OSError:
            return "0"
        if digests.get(filename, (0, ""))[0] != changed:
            digests[filename] = (changed, sha256_hex((folder / filename).read_bytes())[:16])
        return digests[filename][1]

    def address(endpoint: str, **values: Any) -> str:  # noqa: ANN401 - as url_for has it
        # Every page names a dozen files; the router needs 20 times as long for one.
        if endpoint == "static":
            return f"/static/{values['filename']}?v={digest_of(values['filename'])}"
        return app.url_for(endpoint, **values)

    app.jinja_env.globals["url_for"] = address

    @route(app, "/static/<path:filename>", permission=Permission.PUBLIC, endpoint="static")
    def static(filename: str) -> Response:
        response = make_response(send_from_directory(folder, filename, conditional=True, max_age=_YEAR))
        response.cache_control.public = True
        return response
