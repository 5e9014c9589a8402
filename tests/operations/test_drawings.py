"""Drawings made by the real layout child: hostile labels, limits, faults of the child, the store."""

import os
import random
import signal
import subprocess
import sys
import threading
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from webapp.child import ChildBusy, ChildFailed, ChildPool, Failure, module_command
from webapp.flows import drawings
from webapp.flows.drawings import DrawingStore, draw, drawing_digest
from webapp.flows.outline import read_outline

Body = dict[str, Any]
SMALL = "10 开始 申请 窗口岗\n20 判断 审查 审查岗\n30 结束 准予\n40 结束 不予\n10 > 20\n20 > 30 合格\n20 > 40 不合格"


@pytest.fixture(scope="module")
def pool() -> Iterator[ChildPool]:
    made = ChildPool(module_command("webapp.flows.layout"), size=1, queue=64, wait_seconds=60)
    yield made
    made.close()


class Answers:
    """A stand-in for the child that says what it is told to, or raises it."""

    def __init__(self, *answers: dict[str, Any] | Exception) -> None:
        self.answers = list(answers)

    def ask(self, job: dict[str, Any], timeout: float) -> dict[str, Any]:
        assert job
        assert timeout
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def tangle(steps: int, ways: int, seed: int) -> Body:
    chance = random.Random(seed)  # noqa: S311 - a test's own randomness
    outline = ["1 开始 申请", *(f"{number} 判断 第{number}环" for number in range(2, steps)), f"{steps} 结束 办结"]
    outline += [f"{chance.randint(1, steps)} > {chance.randint(1, steps)} 条件{way}" for way in range(ways)]
    return read_outline("\n".join(outline))


def test_a_chart_becomes_a_picture_with_all_its_words(pool: ChildPool) -> None:
    drawing = draw(read_outline(SMALL), pool=pool)

    assert drawing.notice is None
    words = "".join(ET.fromstring(drawing.svg or "").itertext())  # noqa: S314 - our own drawing, read strictly
    for word in ("申请", "审查", "准予", "不予", "合格", "不合格", "窗口岗"):
        assert word in words


@pytest.mark.parametrize(
    "label",
    [
        "<是>",
        '<<TABLE HREF="javascript:alert(1)"><TR><TD>x</TD></TR></TABLE>>',
        '<IMG SRC="/etc/passwd">',
        '"]; a -> b [label="',
        "\\N\\G\\l\\",
        "%x:n {a|<f>b}",
        "长" * 10_000,
        "\n" * 500,
        "\x00\x0b\ufffe\ud800",
    ],
)
def test_hostile_labels_are_drawn_literally_and_never_fail(pool: ChildPool, label: str) -> None:
    body = read_outline(SMALL)
    body["steps"][1]["name"] = body["steps"][2]["post"] = body["transitions"][1]["condition"] = label

    root = ET.fromstring(draw(body, pool=pool).svg or "")  # noqa: S314 - our own drawing, read strictly

    found = ["".join(element.itertext()) for element in root.iter() if element.get("class") == "chart-name"]
    assert label in found or any("\ufffd" in text for text in found)
    assert {element.tag.rpartition("}")[2] for element in root.iter()}.isdisjoint({"a", "image", "script", "style"})


def test_no_word_of_a_chart_reaches_the_child() -> None:
    jobs: list[dict[str, Any]] = []
    body = read_outline(SMALL)

    class Listening(Answers):
        def ask(self, job: dict[str, Any], timeout: float) -> dict[str, Any]:
            jobs.append(job)
            return super().ask(job, timeout)

    draw(body, pool=Listening({"error": "libraries"}))

    assert not [text for text in _texts(jobs[0]) if text not in ("nodes", "ways")]


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(key)
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def test_unfinished_and_unsound_charts_are_drawn_as_far_as_they_go(pool: ChildPool) -> None:
    loop = read_outline("10 环节 甲\n20 环节 乙\n30 环节 丙\n10 > 10 重做\n10 > 20\n20 > 10\n20 > 99\n10 > 20 再")

    assert draw(loop, pool=pool).svg
    assert draw(read_outline("10 开始 -"), pool=pool).svg
    assert draw({"steps": [], "transitions": []}).notice == drawings.EMPTY
    assert draw({}).notice == drawings.EMPTY


def test_a_chart_over_the_limits_gets_a_notice_and_asks_nobody() -> None:
    nobody = Answers()

    assert draw(tangle(81, 10, 1), pool=nobody).notice == drawings.TOO_LARGE
    assert draw(tangle(80, 161, 1), pool=nobody).notice == drawings.TOO_LARGE
    assert "80个环节、160条走向" in drawings.TOO_LARGE


@pytest.mark.parametrize("ways", [119, 160])
def test_the_worst_chart_within_the_limits_takes_less_than_three_seconds(pool: ChildPool, ways: int) -> None:
    draw(read_outline(SMALL), pool=pool)
    before = processor_time(pool)

    assert draw(tangle(80, ways, 4), pool=pool, timeout=60).svg
    assert processor_time(pool) - before < 3


def processor_time(pool: ChildPool) -> float:
    """Seconds the child has used: utime and stime of proc(5)."""
    fields = Path(f"/proc/{pool.pids[0]}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_a_layout_that_takes_too_long_leaves_the_table_and_a_fresh_child(pool: ChildPool) -> None:
    draw(read_outline(SMALL), pool=pool)
    os.kill(pool.pids[0], signal.SIGSTOP)

    assert draw(read_outline(SMALL), pool=pool, timeout=0.2).notice == drawings.FAILED
    assert draw(read_outline(SMALL), pool=pool).svg


def test_fifty_drawings_at_once_need_one_child(pool: ChildPool) -> None:
    bodies = [tangle(12, 14, seed) for seed in range(50)]
    with ThreadPoolExecutor(50) as threads:
        made = list(threads.map(lambda body: draw(body, pool=pool), bodies))

    assert all(drawing.svg for drawing in made)
    assert len(pool.pids) == 1


def test_a_child_killed_in_the_middle_costs_nothing(pool: ChildPool) -> None:
    draw(read_outline(SMALL), pool=pool)
    # Stopped first, so that the job is surely in its hands when it is killed.
    os.kill(pool.pids[0], signal.SIGSTOP)
    threading.Timer(0.2, os.kill, (pool.pids[0], signal.SIGKILL)).start()

    assert draw(read_outline(SMALL), pool=pool, timeout=30).svg


def test_a_child_that_dies_or_lies_twice_leaves_a_notice() -> None:
    for failure in (Failure.DIED, Failure.GARBAGE, Failure.TOO_LARGE):
        assert draw(read_outline(SMALL), pool=Answers(ChildFailed(failure), ChildFailed(failure))).notice
    assert draw(read_outline(SMALL), pool=Answers(ChildBusy())).notice == drawings.BUSY


def test_a_machine_without_the_libraries_says_which_to_install() -> None:
    notice = draw(read_outline(SMALL), pool=Answers({"error": "libraries"})).notice

    assert notice is not None
    assert "libglib2.0-0 libx11-6 libxext6 libxrender1" in notice


def test_the_child_itself_reports_missing_libraries() -> None:
    code = (
        "import sys; sys.modules['pygraphviz'] = None\n"
        "from webapp.flows.layout import lay_out\n"
        "print(lay_out({'nodes': [[100, 40]], 'ways': []}))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ran.stdout.strip() == "{'error': 'libraries'}"


def test_the_server_never_loads_graphviz(pool: ChildPool) -> None:
    draw(read_outline(SMALL), pool=pool)

    assert "pygraphviz" not in sys.modules


def test_a_stored_drawing_is_read_and_not_drawn_again(tmp_path: Path, pool: ChildPool) -> None:
    store, body = DrawingStore(tmp_path), read_outline(SMALL)
    assert store.read(body) is None

    first = store.drawing_for(body, pool=pool)

    assert store.drawing_for(body, pool=Answers()) == first
    assert store.read(body) == first.svg
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [f"{drawing_digest(body)}.svg"]


def test_another_chart_or_another_way_of_drawing_is_another_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    body, other = read_outline(SMALL), read_outline(SMALL.replace("审查", "审核"))
    before = drawing_digest(body)

    assert drawing_digest(other) != before
    monkeypatch.setattr(drawings, "DRAWING_VERSION", 999)
    assert drawing_digest(body) != before


def test_a_notice_is_not_stored_and_a_failed_write_leaves_nothing(
    tmp_path: Path, pool: ChildPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, body = DrawingStore(tmp_path), read_outline(SMALL)
    assert store.drawing_for(body, pool=Answers(ChildBusy())).svg is None

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        store.write(body, "<svg></svg>")
    assert store.drawing_for(body, pool=pool).svg
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_drawing_cut_short_on_the_disk_is_not_shown(tmp_path: Path, pool: ChildPool) -> None:
    store, body = DrawingStore(tmp_path), read_outline(SMALL)
    whole = store.drawing_for(body, pool=pool).svg
    file = next(path for path in tmp_path.rglob("*.svg"))
    file.write_text((whole or "")[:500], "utf-8")

    assert store.read(body) is None
    assert store.drawing_for(body, pool=pool).svg == whole
