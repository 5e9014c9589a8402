"""The text of cited articles, where the library has it. Only reads."""

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.laws.models import Article, Law, LawVersion

_PART = 500


def article_texts(session: Session, rows: Collection[Mapping[str, str]]) -> dict[tuple[str, str, str], str]:
    """Return the texts of cited articles by (law, edition, article); those without text are left out.

    One query for each 500 laws cited; `rows` are basis rows (contract.md).
    """
    names = sorted({row["law"] for row in rows})
    wanted = {(row["law"], row["edition"], row["article"]) for row in rows}
    found: dict[tuple[str, str, str], str] = {}
    for start in range(0, len(names), _PART):
        query = (
            select(Law.name, LawVersion.edition, Article.place, Article.content)
            .join(LawVersion, LawVersion.law_id == Law.id)
            .join(Article, Article.version_id == LawVersion.id)
            .where(Law.name.in_(names[start : start + _PART]), Article.content != "")
        )
        found.update(((name, edition, place), text) for name, edition, place, text in session.execute(query))
    return {key: text for key, text in found.items() if key in wanted}
