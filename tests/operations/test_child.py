"""Workers under limits: late, dead, talkative and lying ones are replaced, and the next job is answered."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from webapp.child import MEBIBYTE, Child, ChildBusy, ChildFailed, ChildPool, Failure, Limits, module_command, run_once

WORKER = """
import os, sys, time
from webapp.child import serve

def handle(job):
    act = job.get("act")
    if act == "sleep":
        time.sleep(job["seconds"])
    if act == "spin":
        while True: pass
    if act == "die":
        print("last words", file=sys.stderr, flush=True)
        os._exit(3)
    if act == "garbage":
        os.write(RAW, b"not json\\n")
    if act == "flood":
        os.write(RAW, b"x" * (50 << 20))
    if act == "eat":
        return {"size": len(bytearray(job["bytes"]))}
    if act == "print":
        print("a library talks")
    if act == "file":
        with open(job["path"], "wb") as file:
            file.write(b"x" * job["bytes"])
    if act == "secret":
        return {"names": sorted(os.environ)}
    return {"pid": os.getpid(), "echo": job.get("text")}

RAW = os.dup(1)
serve(handle)
"""
ARGV = (sys.executable, "-c", WORKER)


@pytest.fixture
def child() -> Iterator[Child]:
    made = Child(ARGV, Limits(answer_bytes=MEBIBYTE, memory=256 * MEBIBYTE, file_bytes=MEBIBYTE, jobs=5))
    yield made
    made.close()


def failure_of(child: Child, **job: object) -> Failure:
    with pytest.raises(ChildFailed) as caught:
        child.ask(job, timeout=5)
    return caught.value.reason


def test_a_worker_answers_many_jobs_without_starting_again(child: Child) -> None:
    first, second = child.ask({"text": "审查"}, 5), child.ask({"text": "b" * 300_000}, 5)

    assert first["echo"] == "审查"
    assert second["echo"] == "b" * 300_000
    assert first["pid"] == second["pid"]


def test_a_late_worker_is_killed_and_replaced(child: Child) -> None:
    old = child.ask({}, 5)["pid"]

    with pytest.raises(ChildFailed) as caught:
        child.ask({"act": "spin"}, timeout=0.2)

    assert caught.value.reason == Failure.TIMEOUT
    assert child.pid is None
    assert not Path(f"/proc/{old}").exists()
    assert child.ask({}, 5)["pid"] != old


def test_a_worker_that_dies_leaves_its_last_words(child: Child) -> None:
    with pytest.raises(ChildFailed) as caught:
        child.ask({"act": "die"}, 5)

    assert (caught.value.reason, caught.value.detail) == (Failure.DIED, "last words")
    assert child.ask({"text": "again"}, 5)["echo"] == "again"


def test_a_worker_killed_between_jobs_is_not_missed(child: Child) -> None:
    os.kill(child.ask({}, 5)["pid"], signal.SIGKILL)
    time.sleep(0.05)

    assert child.ask({"text": "still"}, 5)["echo"] == "still"


def test_a_worker_killed_in_the_middle_of_a_job_fails_that_job_only(child: Child) -> None:
    pid = child.ask({}, 5)["pid"]
    threading.Timer(0.2, os.kill, (pid, signal.SIGKILL)).start()

    assert failure_of(child, act="sleep", seconds=4) == Failure.DIED
    assert child.ask({"text": "next"}, 5)["echo"] == "next"


def test_garbage_is_refused(child: Child) -> None:
    assert failure_of(child, act="garbage") == Failure.GARBAGE
    assert child.ask({"text": "next"}, 5)["echo"] == "next"


def test_fifty_megabytes_are_cut_off(child: Child) -> None:
    assert failure_of(child, act="flood") == Failure.TOO_LARGE
    assert child.ask({"text": "next"}, 5)["echo"] == "next"


def test_memory_and_file_size_are_limited(child: Child, tmp_path: Path) -> None:
    assert failure_of(child, act="eat", bytes=512 * MEBIBYTE) == Failure.DIED
    assert failure_of(child, act="file", path=str(tmp_path / "big"), bytes=4 * MEBIBYTE) == Failure.DIED
    assert (tmp_path / "big").stat().st_size <= MEBIBYTE


def test_what_libraries_print_does_not_disturb_the_answers(child: Child) -> None:
    assert child.ask({"act": "print", "text": "clean"}, 5)["echo"] == "clean"


def test_the_worker_does_not_know_our_secrets(child: Child, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHIQUAN_SECRET_KEY", "x" * 40)

    names = child.ask({"act": "secret"}, 5)["names"]

    assert not [name for name in names if name.startswith("ZHIQUAN")]


def test_a_worker_is_replaced_after_its_share_of_jobs(child: Child) -> None:
    pids = [child.ask({}, 5)["pid"] for _ in range(7)]

    assert len(set(pids[:5])) == 1
    assert len(set(pids)) == 2


def test_a_command_that_does_not_exist_is_a_failure_and_not_a_crash() -> None:
    assert failure_of(Child(("/nonexistent-worker",))) == Failure.DIED
    assert failure_of(Child((sys.executable, "-c", "raise SystemExit(1)"))) == Failure.DIED
    assert failure_of(Child((sys.executable, "-c", "print('hello')"))) == Failure.GARBAGE


def test_one_job_can_have_a_process_of_its_own() -> None:
    first, second = (run_once(ARGV, {}, timeout=5)["pid"] for _ in range(2))

    assert first != second
    assert not Path(f"/proc/{second}").exists()


def test_module_command_runs_our_modules() -> None:
    assert module_command("webapp.flows.layout") == (sys.executable, "-m", "webapp.flows.layout")


def test_fifty_callers_share_at_most_two_workers() -> None:
    pool = ChildPool(ARGV, size=2, queue=50, wait_seconds=20)
    with ThreadPoolExecutor(50) as threads:
        answers = list(threads.map(lambda number: pool.ask({"text": number}, 5), range(50)))

    assert [answer["echo"] for answer in answers] == list(range(50))
    assert len({answer["pid"] for answer in answers}) <= 2
    assert len(pool.pids) <= 2
    pool.close()
    assert pool.pids == []


def test_who_waits_too_long_or_too_far_back_is_told_that_the_pool_is_busy() -> None:
    pool = ChildPool(ARGV, size=1, queue=1, wait_seconds=0.3)
    pool.ask({}, 5)
    with ThreadPoolExecutor(1) as threads:
        working = threads.submit(pool.ask, {"act": "sleep", "seconds": 1, "text": "done"}, 5)
        time.sleep(0.1)
        begun = time.monotonic()
        with pytest.raises(ChildBusy):
            pool.ask({}, 5)
        assert 0.2 < time.monotonic() - begun < 0.9
        assert working.result()["echo"] == "done"

    unqueued = ChildPool(ARGV, size=1, queue=0)
    with ThreadPoolExecutor(1) as threads:
        working = threads.submit(unqueued.ask, {"act": "sleep", "seconds": 0.5}, 5)
        time.sleep(0.2)
        with pytest.raises(ChildBusy):
            unqueued.ask({}, 5)
        working.result()
    pool.close()
    unqueued.close()


FORKING = f"""
import os, sys, time
from webapp.child import ChildPool
argv = (sys.executable, "-c", {WORKER!r})
pool = ChildPool(argv)
ours = pool.ask({{}}, 5)["pid"]
if (forked := os.fork()) == 0:
    theirs = pool.ask({{}}, 5)["pid"]
    assert theirs != ours
    sys.exit(0)
assert os.waitpid(forked, 0)[1] == 0
assert pool.ask({{}}, 5)["pid"] == ours
print(ours)
"""


def test_a_forked_server_starts_its_own_worker_and_leaves_ours_alone() -> None:
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", FORKING], capture_output=True, text=True, check=False, timeout=60
    )

    assert (ran.returncode, ran.stderr) == (0, "")
    assert not Path(f"/proc/{ran.stdout.strip()}").exists()
