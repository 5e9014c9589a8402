"""A catalogue of any size for the bench: the sample's powers and charts, over and over under other codes and names."""

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

SAMPLE = Path(__file__).resolve().parent.parent / "webapp" / "sample" / "data" / "catalogue.jsonl"


def catalogue(powers: int) -> Iterator[dict[str, Any]]:
    """Yield lines of the contract's shape until there are `powers` public powers; charts come before their powers.

    Every round of the sample has charts of its own, so that a chart serves as many powers as in the sample.
    """
    lines = [json.loads(line) for line in SAMPLE.read_text(encoding="utf-8").splitlines()]
    charts = [line for line in lines if line["record"] == "flow" and line["audience"] == "external"]
    entries = [line for line in lines if line["record"] == "power" and line["disclosure"] == "public"]
    outside = {chart["number"] for chart in charts}
    made = turn = 0
    while made < powers:
        turn += 1
        taken = entries[: powers - made]
        wanted = {number for entry in taken for number in entry["flows"]}
        for chart in charts:
            if chart["number"] in wanted:
                yield {**deepcopy(chart), "number": f"{chart['number']}-{turn}"}
        for entry in taken:
            copy = deepcopy(entry)
            copy["code"] = f"{entry['code']}-{turn}"
            copy["name"] = f"{entry['name']}({turn})" if turn > 1 else entry["name"]
            copy["flows"] = [f"{number}-{turn}" for number in entry["flows"] if number in outside]
            yield copy
        made += len(taken)
