"""The Atom feed of an edition: the edition itself and what changed in it. Pure."""

from xml.sax.saxutils import escape, quoteattr

from webapp.characters import FORBIDDEN
from webapp.publication.content import Change, EditionContent
from webapp.publication.views import address_of
from webapp.publication.wording import AUDIENCES, CHANGES

_LIMIT = 50


def feed(content: EditionContent) -> bytes:
    """Return the feed; addresses are absolute, made from the edition's own public address."""
    title = f"{content.bureau_name}职权公开目录"
    edition = f"{AUDIENCES[content.audience]}第{content.number}号"
    entries = [
        _entry(
            f"{content.public_url}/editions/{content.number}",
            f"{edition}发布，共{len(content.powers)}项职权",
            f"{content.public_url}/editions/",
            content.date,
        ),
    ]
    entries += [_change(content, change) for change in content.changes[:_LIMIT]]
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN">\n'
        f"<id>{_text(content.public_url)}/feed.xml</id>\n<title>{_text(title)}</title>\n"
        f"<updated>{_moment(content.date)}</updated>\n<author><name>{_text(content.bureau_name)}</name></author>\n"
        f'<link rel="self" href={_attribute(content.public_url + "/feed.xml")}/>\n'
        f"<link href={_attribute(content.public_url + '/')}/>\n" + "".join(entries) + "</feed>\n"
    ).encode()


def _change(content: EditionContent, change: Change) -> str:
    address = f"{content.public_url}/powers/{address_of(change.code)}/"
    here = f"{content.public_url}/changes/" if change.kind == "removed" else address
    return _entry(f"{address}#{content.number}", f"{CHANGES[change.kind]}：{change.name}", here, change.date)


def _entry(identifier: str, title: str, address: str, date: str) -> str:
    return (
        f"<entry><id>{_text(identifier)}</id><title>{_text(title)}</title>"
        f"<updated>{_moment(date)}</updated><link href={_attribute(address)}/></entry>\n"
    )


def _moment(date: str) -> str:
    return f"{_text(date)}T00:00:00+08:00"


def _text(text: str) -> str:
    return escape(FORBIDDEN.sub("\ufffd", text))


def _attribute(text: str) -> str:
    return quoteattr(FORBIDDEN.sub("\ufffd", text))
