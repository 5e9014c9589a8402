"""The templates of the public pages: one environment, no Flask, and the few values that every page shows."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from webapp.publication.content import EditionContent
from webapp.publication.wording import AUDIENCES, day_text

ROOT = Path(__file__).parents[2]
NAVIGATION = (
    ("index.html", "首页"),
    ("search/index.html", "查职权"),
    ("who-handles/index.html", "谁来管"),
    ("changes/index.html", "变更"),
    ("editions/index.html", "历次公开版"),
    ("check/index.html", "怎样核对"),
)


class _PlainValues(Environment):
    """Looks into dicts first: views are dicts, and the usual order costs an exception for each value shown."""

    def getattr(self, obj: Any, attribute: str) -> Any:  # noqa: ANN401 - the signature of Jinja
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)


@cache
def _environment() -> Environment:
    return _PlainValues(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        auto_reload=False,
    )


@cache
def _template(name: str) -> Template:
    return _environment().get_template(f"public/{name}.html")


@cache
def _digest_macro() -> Any:  # noqa: ANN401 - a macro of a template
    return _environment().get_template("public/parts.html").module.digest  # type: ignore[attr-defined] # made by Jinja


def digest_html(value: str) -> Markup:
    """Return the control that shows the first 12 digits of a digest and all of it on demand."""
    return Markup(_digest_macro()(value))  # noqa: S704 - the macro escapes


class Site:
    """Renders the pages of one edition."""

    def __init__(self, content: EditionContent) -> None:
        self._content = content
        self._shown = {
            "bureau": content.bureau_name,
            "audience": AUDIENCES[content.audience],
            "number": content.number,
            "date": content.date,
            "day": day_text(content.date),
            "document": content.document,
            "remark": content.remark,
            "navigation": [{"path": path, "label": label} for path, label in NAVIGATION],
        }

    def index_number(self, name: str | None = None) -> str:
        """Return the index number 索引号 of a page: prefix, year, and the code or the edition's number."""
        return f"{self._content.index_prefix}/{self._content.date[:4]}-{name or format(self._content.number, '05d')}"

    def page(
        self,
        template: str,
        path: str,
        title: str,
        summary: str,
        *,
        index: str | None = None,
        made: str | None = None,
        ended: str = "",
        **values: object,
    ) -> bytes:
        """Return the page at a path of the bundle; the keywords before `values` are its metadata block."""
        metadata = {
            "index": index or self.index_number(),
            "summary": summary,
            "made": made or self._content.date,
            "ended": ended,
        }
        text = _template(template).render(
            site=self._shown,
            metadata=metadata,
            title=title,
            here=path,
            root="../" * path.count("/"),
            **values,
        )
        return text.encode()

    def fragment(self, template: str, **values: object) -> Markup:
        """Return a piece that stands inside several pages."""
        return Markup(_template(template).render(**values))  # noqa: S704 - the template escapes
