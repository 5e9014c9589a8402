"""抽查, 双随机: drawing objects and inspectors so that anybody can do it again. Pure; off unless a decision orders it.

The frame is fixed and hashed first; the seed is noted before witnesses afterwards. Each member of the frame gets the
SHA-256 of frame hash, seed and its own name; the smallest win. No generator of random numbers takes part, so the same
frame and seed give the same draw on any machine and in any language (supervision.md I17).
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from webapp.digests import digest
from webapp.rules import RuleBroken

ALGORITHM = "sha256-smallest-1"


@dataclass(frozen=True)
class Drawn:
    """A member of the frame with the number that placed it; `rank` counts from 1."""

    name: str
    ticket: str
    rank: int


def frame_hash(frame: Sequence[str]) -> str:
    """Return the SHA-256 of a frame: its names sorted, each once. Raises RuleBroken for an empty frame or twins."""
    if not frame:
        raise RuleBroken("抽查名单是空的，请先列出抽查对象。")
    if len(set(frame)) != len(frame):
        raise RuleBroken("抽查名单中有重复的对象，请核对后再固定名单。")
    return digest(sorted(frame))


def draw(frame: Sequence[str], seed: str, size: int) -> tuple[Drawn, ...]:
    """Return the drawn members in order of their tickets; the order of the frame given does not matter."""
    if not seed.strip():
        raise RuleBroken("请填写当众产生的种子，如福利彩票开奖号码或见证人报出的数字。", "seed")
    if not 0 < size <= len(frame):
        raise RuleBroken(f"抽取数量应为1至{len(frame)}。", "size")
    fixed = frame_hash(frame)
    tickets = sorted(
        (hashlib.sha256(f"{ALGORITHM}\n{fixed}\n{seed.strip()}\n{name}".encode()).hexdigest(), name) for name in frame
    )
    return tuple(Drawn(name, ticket, rank) for rank, (ticket, name) in enumerate(tickets[:size], 1))
