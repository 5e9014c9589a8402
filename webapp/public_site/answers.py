"""The search page with its hits, served: the page of the bundle, filled in where its script would fill it in."""

from html import escape
from urllib.parse import quote

from webapp.bundle.search import HIT_LIMIT, QUERY_LIMIT, Hit, Hits, Nuisance, terms_of

PATH = "search/index.html"
_VALUE = ' value=""'
_RESULTS = '<div id="results" aria-live="polite">'
_END = "</div>"
_NOTHING = "没有找到相关职权。可以换个说法，或者只写两三个字；也可以从首页按类别、科室查，或拨打举报咨询电话。"


def fill(page: str, query: str, hits: Hits, nuisances: tuple[Nuisance, ...]) -> str:
    """Return the page with the query in its field and the answer in its place.

    A page of another make, without these places, comes back as it is: then its own script answers.
    """
    before, value, rest = page.partition(_VALUE)
    between, results, after = rest.partition(_RESULTS)
    _, end, tail = after.partition(_END)
    if not (value and results and end):
        return page
    shown = escape(query.strip()[:QUERY_LIMIT])
    answer = _answer(query, hits, nuisances)
    return f'{before} value="{shown}"{between}{_RESULTS[:-1]} data-served>{answer}{_END}{tail}'


def _answer(query: str, hits: Hits, nuisances: tuple[Nuisance, ...]) -> str:
    if not terms_of(query):
        return '<p class="prompt">请在上面输入要找的事。</p>'
    parts = (
        ['<section class="competent"><h2>谁来管</h2>', *map(_nuisance, nuisances), "</section>"] if nuisances else []
    )
    parts.append('<section class="found"><h2>职权</h2>')
    if not hits.records:
        parts.append(f'<p class="notice">{_NOTHING}</p>')
    else:
        if hits.words:
            words = "”“".join(hits.words)
            parts.append(f'<p class="reworded">没有职权与原话完全相符，按“{escape(words)}”查找。</p>')
        parts.append(f'<p class="tally">{_tally(hits)}</p><ol class="hits">')
        parts += map(_hit, hits.records)
        parts.append("</ol>")
    return "".join([*parts, "</section>"])


def _tally(hits: Hits) -> str:
    if hits.more:
        return f"找到的职权超过 {HIT_LIMIT} 项，先列前 {HIT_LIMIT} 项；请再加一个词。"
    return f"找到 {len(hits.records)} 项职权。"


def _hit(record: Hit) -> str:
    return (
        f'<li><a href="../powers/{quote(record.code, safe="")}/index.html">{escape(record.title)}</a>'
        f'<span class="code">{escape(record.code)}</span><span class="note">{escape(record.note)}</span></li>'
    )


def _nuisance(row: Nuisance) -> str:
    note = f'<p class="small">{escape(row.note)}</p>' if row.note else ""
    return (
        f'<div class="competent-row"><p class="topic">{escape(row.topic)}</p>'
        f'<p class="body">{escape(row.body)}</p>{note}</div>'
    )
