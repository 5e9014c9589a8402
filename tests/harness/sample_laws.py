"""The law library of the sample, without a database."""

import json
from datetime import date
from pathlib import Path

from webapp.laws.reading import KnownLaw, LawLibrary
from webapp.laws.validity import Edition

SAMPLE = Path(__file__).resolve().parent.parent.parent / "webapp" / "sample" / "data"


def sample_library() -> LawLibrary:
    """Return the library as laws.json has it."""
    data = json.loads((SAMPLE / "laws.json").read_text(encoding="utf-8"))

    def day(text: str | None) -> date | None:
        return date.fromisoformat(text) if text else None

    return LawLibrary(
        KnownLaw(
            law["name"],
            law["full_name"],
            law["rank"],
            tuple(law["aliases"]),
            tuple(
                Edition(law["name"], v["edition"], v["document"], day(v["in_force"]), day(v["repealed"]), v["checked"])
                for v in law["versions"]
            ),
        )
        for law in data["laws"]
    )
