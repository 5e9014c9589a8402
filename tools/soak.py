"""A working day in short: a real server, a county's catalogue, so many acts a second, reading and writing mixed.

`python -m tools.soak --minutes 10 --rate 30 --powers 8000`; stops by itself. Fails where an answer is wrong, where the
95th percentile exceeds 300 ms, where the server's memory grows by a third, or where the journal or drafts do not hold.
"""

import argparse
import http.client
import random
import re
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from threading import Lock, Thread
from urllib.parse import quote, urlencode

from tools.bench import PASSWORD, actor, new_drafts
from tools.bench_data import catalogue
from tools.bench_exchange import held_kib, serving
from webapp import clock
from webapp.config import load_settings
from webapp.db import Database
from webapp.journal import operations as journal
from webapp.reviews.intake import adopt_catalogue
from webapp.sample import bureau
from webapp.schema import migrate

HANDS = 12  # browsers at work
DRAFTS = 60
AIM_MS = 300
_WORDS = ("排污", "危险废物", "许可证", "环境影响评价", "噪声")
_GROWTH = 4 / 3  # of memory, from the first tenth of the time to its end


@dataclass
class Tally:
    """What came of the acts."""

    seconds: list[float] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    saved: dict[int, int] = field(default_factory=dict)  # draft -> acknowledged saves
    lock: Lock = field(default_factory=Lock)


class Hand:
    """A clerk at a browser of his own, who saves the drafts that are his and looks at everything else."""

    def __init__(self, port: int, drafts: list[int], tally: Tally, seed: int) -> None:
        self._server = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._cookie, self._drafts, self._tally = "", drafts, tally
        self._chance = random.Random(seed)  # noqa: S311 - what to do next
        status, _ = self._ask("/sign-in", {"username": "clerk", "password": PASSWORD})
        if status != http.client.SEE_OTHER:
            raise SystemExit(f"the clerk could not sign in: {status}")

    def work(self, start: float, every: float, until: float) -> None:
        """Do one act each so many seconds, late ones at once, so that queueing shows in the figures."""
        due = start
        while due < until:
            time.sleep(max(0.0, due - time.monotonic()))
            kind = self._chance.choices(("list", "search", "worklist", "open", "save"), (30, 10, 10, 20, 30))[0]
            wrong = self._act(kind)
            with self._tally.lock:
                self._tally.seconds.append(time.monotonic() - due)
                self._tally.kinds[kind] += 1
                if wrong:
                    self._tally.wrong.append(f"{kind}: {wrong}")
            due += every

    def _act(self, kind: str) -> str:
        """Do one act; return what was wrong with its answer."""
        draft = self._chance.choice(self._drafts)
        path = {
            "list": f"/powers?page={self._chance.randrange(1, 40)}",
            "search": f"/powers?q={quote(self._chance.choice(_WORDS))}",
            "worklist": "/worklist",
        }.get(kind, f"/powers/{draft}/draft")
        status, page = self._ask(path)
        if status != http.client.OK:
            return f"{path} answered {status}"
        return self._save(draft, page) if kind == "save" else ""

    def _save(self, draft: int, page: str) -> str:
        seen = re.search(r'name="seen_version" value="(\d+)"', page)
        if seen is None:
            return f"/powers/{draft}/draft shows no form"
        count = self._tally.saved.get(draft, 0) + 1
        form = {"seen_version": seen[1], "discipline": f"严格依法办理(第{count}次修改)。"}
        status, _ = self._ask(f"/powers/{draft}/draft", form)
        if status != http.client.SEE_OTHER:
            return f"saving {draft} answered {status}"
        self._tally.saved[draft] = count
        return ""

    def _ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        headers = {"Sec-Fetch-Site": "same-origin", "Cookie": self._cookie}
        body = None
        if form is not None:
            body = urlencode(form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._server.request("GET" if form is None else "POST", path, body, headers)
        answer = self._server.getresponse()
        text = answer.read().decode("utf-8", "replace")
        if given := answer.getheader("Set-Cookie"):
            self._cookie = given.partition(";")[0]
        return answer.status, text


def fill(instance: Path, powers: int) -> list[int]:
    """Make an installation with a catalogue and some drafts of one clerk; return the drafts."""
    settings = load_settings({"ZHIQUAN_INSTANCE": str(instance)})
    settings.demo_mark.touch()
    database = Database(settings.database_url)
    migrate(database)
    clock.fix_day(date(2008, 9, 1))
    bureau.load_foundation(database, settings, PASSWORD)
    with database.writing() as session:
        lines = list(enumerate(catalogue(powers), 1))
        adopt_catalogue(session, actor(database, "office"), lines, document="文1", decided_on=date(2008, 8, 27))
    drafts = new_drafts(database, actor(database, "clerk"), DRAFTS)
    database.close()
    clock.fix_day(None)
    return drafts


def run(instance: Path, drafts: list[int], *, rate: float, seconds: float) -> tuple[Tally, list[int]]:
    """Let the hands work on a real server; return what came of it and the memory (KiB) from time to time."""
    tally, memory = Tally(), []
    with serving(instance) as (server, port):
        hands = [Hand(port, drafts[n::HANDS], tally, n) for n in range(HANDS)]
        start = time.monotonic() + 0.5
        every, until = HANDS / rate, start + seconds
        threads = [
            Thread(target=hand.work, args=(start + n * every / HANDS, every, until)) for n, hand in enumerate(hands)
        ]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            time.sleep(seconds / 20)
            memory.append(held_kib(server.pid))
        for thread in threads:
            thread.join()
    return tally, memory


def judge(instance: Path, tally: Tally, memory: list[int], seconds: float) -> list[str]:
    """Print the figures; return what is not as it must be."""
    ordered = sorted(tally.seconds)
    p50, p95, p99 = (ordered[int(len(ordered) * share)] * 1000 for share in (0.5, 0.95, 0.99))
    print(f"{len(ordered)} acts in {seconds:.0f} s: {dict(tally.kinds)}")
    print(f"elapsed: median {p50:.0f} ms, p95 {p95:.0f} ms (aim {AIM_MS}), p99 {p99:.0f} ms, most {ordered[-1]:.1f} s")
    early, late = memory[len(memory) // 10], memory[-1]
    print(f"memory: {early >> 10} MiB, at the end {late >> 10} MiB; wrong answers: {len(tally.wrong)}")
    faults = tally.wrong[:5]
    if p95 > AIM_MS:
        faults.append(f"p95 {p95:.0f} ms")
    if late > early * _GROWTH:
        faults.append("the memory grows")
    database = Database(load_settings({"ZHIQUAN_INSTANCE": str(instance)}).database_url)
    with database.reading() as session:
        if fault := journal.verify(session):
            faults.append(fault)
    database.close()
    return faults


def main() -> int:
    """Fill, run, judge; return 1 if anything was not as it must be."""
    parser = argparse.ArgumentParser(description="Load on a real server, reading and writing mixed.")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--rate", type=float, default=30, help="acts a second")
    parser.add_argument("--powers", type=int, default=8000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="zhiquan-soak-") as folder:
        instance = Path(folder) / "instance"
        drafts = fill(instance, given.powers)
        tally, memory = run(instance, drafts, rate=given.rate, seconds=given.minutes * 60)
        faults = judge(instance, tally, memory, given.minutes * 60)
    for fault in faults:
        print(f"FAILED: {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
