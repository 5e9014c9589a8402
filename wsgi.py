"""The WSGI entries: `wsgi:staff` and `wsgi:public`, each made when a server first asks for it.

A server loads one of them; making both would open the database in the public process, which must know of none. The
public one serves the folder that ZHIQUAN_BUNDLE names (`zhiquan serve-public --bundle`), else the released edition of
the instance folder.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    staff: Flask
    public: Flask


def __getattr__(name: str) -> "Flask":
    """Make the app that is asked for, once."""
    if name == "staff":
        from webapp.web.app import create_app  # noqa: PLC0415 - the public process never loads the staff app

        app = create_app()
    elif name == "public":
        from webapp.public_site import create_public_app  # noqa: PLC0415 - nor the other way

        if bundle := os.environ.get("ZHIQUAN_BUNDLE"):
            app = create_public_app(Path(bundle))
        else:
            app = create_public_app(instance=Path(os.environ.get("ZHIQUAN_INSTANCE") or "instance").absolute())
    else:
        raise AttributeError(name)
    globals()[name] = app
    return app
