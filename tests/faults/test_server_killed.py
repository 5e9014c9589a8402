"""A real server with people at work, killed: what their browsers were told is there, and the next start is clean."""

import json
import re
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from threading import Event, Thread

import pytest
from sqlalchemy import select

from harness.bureau import SAMPLE
from harness.commands import CommandLine, command_line
from harness.invariants import faults_of
from harness.servers import SAMPLE_PASSWORD, Server, serving
from webapp.config import Settings
from webapp.db import Database
from webapp.revisions.models import Draft, Record

HANDS, ENOUGH = 3, 12  # people at work; acknowledged saves before the kill
_PATIENCE = 60.0  # seconds

pytestmark = pytest.mark.soak


class Hand:
    """A clerk who saves one draft over and over, and remembers what he was told."""

    def __init__(self, server: Server, record: int) -> None:
        self.record, self.told, self.sent = record, 0, 0
        self._server = server
        self._browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self._browser.addheaders = [("Sec-Fetch-Site", "same-origin")]
        self.ask("/sign-in", {"username": "clerk", "password": SAMPLE_PASSWORD})

    def ask(self, path: str, form: dict[str, str] | None = None) -> str:
        """Send a request and follow it to the page it leads to."""
        data = urllib.parse.urlencode(form).encode() if form is not None else None
        with self._browser.open(self._server.url + path, data, timeout=30) as answer:
            return str(answer.read().decode())

    def work(self, enough: Event) -> None:
        """Save until the server is gone."""
        address = f"/powers/{self.record}/draft"
        try:
            page = self.ask(address)
            while True:
                seen = re.search(r'name="seen_version" value="(\d+)"', page)
                assert seen
                self.sent += 1
                page = self.ask(address, {"seen_version": seen[1], "discipline": f"纪律{self.sent}"})
                assert "草稿已保存" in page
                self.told = self.sent
                if self.told >= ENOUGH // HANDS:
                    enough.set()
        except OSError:
            return  # killed, as it should be


@pytest.fixture
def at_work(settings: Settings, database_url: str) -> CommandLine:
    """The sample bureau with its catalogue as drafts."""
    zhiquan = command_line(settings.instance, database_url)
    zhiquan("load-sample", "--only", "people")
    zhiquan("import", SAMPLE, "--as", "clerk")
    return zhiquan


def test_what_the_browsers_were_told_is_there_after_a_kill(
    at_work: CommandLine, database: Database, settings: Settings
) -> None:
    with database.reading() as session:
        records = session.scalars(
            select(Record.id).where(Record.kind == "power").order_by(Record.id).limit(HANDS)
        ).all()
    database.close()
    given = {"DATABASE_URL": settings.database_url}
    with serving(settings.instance, settings=given) as server:
        hands = [Hand(server, record) for record in records]
        enough = Event()
        threads = [Thread(target=hand.work, args=(enough,)) for hand in hands]
        for thread in threads:
            thread.start()
        assert enough.wait(_PATIENCE)
        server.kill()
        for thread in threads:
            thread.join(_PATIENCE)

    assert faults_of(database, settings) == []
    with database.reading() as session:
        for hand in hands:
            assert hand.told
            found = json.loads(session.get_one(Draft, hand.record).body)["discipline"]
            assert found in {f"纪律{hand.told}", f"纪律{hand.sent}"}
    database.close()
    with serving(settings.instance, settings=given) as server:
        assert "纪律" in Hand(server, records[0]).ask(f"/powers/{records[0]}")
    assert "相符" in at_work("verify-journal")
