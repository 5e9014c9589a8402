"""The templates' environment: strict about names, lenient about optional parts of a row (`web/filters.py`)."""

from flask import Flask

from webapp.web.filters import OptionalAttribute, install_display
from webapp.web.problems import Problems


def set_up_templates(app: Flask) -> None:
    """Give an app its environment; `problems` and `typed` are there also where there was no form."""
    app.jinja_options = {
        "autoescape": True,
        "undefined": OptionalAttribute,
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    app.jinja_env.globals.update(problems=Problems(), typed={})
    install_display(app.jinja_env)
