"""Page or fragment: the one place that decides, on htmx-flask (design.md rule 10).

Without htmx every act is POST, 303, page. With htmx the same view answers with blocks of the same template. Hazards of
htmx-flask 0.1.0 kept out here: it sets no `Vary`, and header values must be ASCII (dict triggers are, being JSON).
"""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from flask import Response, current_app, flash, get_flashed_messages
from htmx_flask import make_response, request
from jinja2 import Template

from webapp.web.routes import end_reading

_KEPT = "/?&=%:;,+~*!()'@#[]-._"  # what stays as it is when an address goes into a header; the rest is %-encoded


def is_fragment() -> bool:
    """Say whether the request wants part of a page: sent by htmx, neither boosted nor going back in history."""
    htmx = request.htmx
    whole = htmx.boosted or htmx.history_restore_request or request.headers.get("HX-Request-Type") == "full"
    return bool(htmx) and not whole


def answer(
    template: str,
    *,
    block: str | tuple[str, ...] | None = None,
    status: int = 200,
    **context: object,
) -> Response:
    """Answer with a page, or, to htmx, with the named block or blocks of it (in the order given).

    A block sees the names passed here and those of `web/context.py`, not what the template sets outside it. Without
    `block` htmx gets the whole page too. What `toast` was told is shown with either.
    """
    found = current_app.jinja_env.get_template(template)
    if block is None or not is_fragment():
        return _reply(_render_page(found, context), status)
    names = (block,) if isinstance(block, str) else block
    text = "".join(_render_block(found, name, context) for name in names)
    return _reply(text, status, trigger=_toasts_trigger())


def done(
    address: str,
    template: str | None = None,
    *,
    block: str | tuple[str, ...] | None = None,
    context: Callable[[], Mapping[str, Any]] | None = None,
) -> Response:
    """Answer after an act: to htmx with the block as it stands now, else by going to `address` (303).

    `context` is called only where a block is drawn. Without `template` htmx goes to the address too.
    """
    if is_fragment() and template is not None and block is not None:
        return answer(template, block=block, **(context() if context else {}))
    return see_other(address)


def see_other(address: str) -> Response:
    """Send the browser to an address of our own, made by `url_for` or written as a path."""
    end_reading()
    if is_fragment():
        return _reply("", 200, redirect_to=address)
    response = Response(status=303, headers={"Location": quote(address, safe=_KEPT)})
    _mark(response)
    return response


def toast(text: str, kind: str = "done") -> None:
    """Say a sentence with the next answer, page or fragment; `kind` is done, note or wrong."""
    flash(text, kind)


def unsaved(text: str, status: int) -> Response:
    """Answer to htmx with something that must not replace what stands on the page; the sentence comes as a toast."""
    response = _reply(text, status, trigger=_toast_event(("wrong", text)))
    response.mimetype = "text/plain"
    response.headers["HX-Reswap"] = "none"
    return response


def _render_page(template: Template, context: dict[str, object]) -> str:
    shown = [dict(zip(("kind", "text"), pair, strict=True)) for pair in get_flashed_messages(with_categories=True)]
    full: dict[str, object] = {"toasts": shown, **context}
    current_app.update_template_context(full)
    return template.render(full)


def _render_block(template: Template, name: str, context: dict[str, object]) -> str:
    full: dict[str, object] = {"toasts": (), **context}
    current_app.update_template_context(full)
    return "".join(template.blocks[name](template.new_context(full)))


def _toasts_trigger() -> dict[str, object] | None:
    shown: list[tuple[str, str]] = get_flashed_messages(with_categories=True)  # type: ignore[assignment] # pairs, as asked
    return _toast_event(*shown) if shown else None


def _toast_event(*shown: tuple[str, str]) -> dict[str, object]:
    # The event goes to an element that no swap takes away. htmx-flask writes it as JSON, which is ASCII.
    return {"toast": {"target": "#toasts", "toasts": [{"kind": kind, "text": text} for kind, text in shown]}}


def _reply(
    text: str,
    status: int,
    *,
    trigger: dict[str, object] | None = None,
    redirect_to: str | None = None,
) -> Response:
    response: Response = make_response(
        text, status, trigger=trigger, redirect=redirect_to and quote(redirect_to, safe=_KEPT)
    )
    _mark(response)
    return response


def _mark(response: Response) -> None:
    response.vary.add("HX-Request")
    response.headers.setdefault("Cache-Control", "no-store")
