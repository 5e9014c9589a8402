"""The hash of a journal entry and the walk along the chain. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from webapp.digests import canonical, sha256_hex

GENESIS = "0" * 64


@dataclass(frozen=True)
class Link:
    """One entry as far as the chain is concerned."""

    seq: int
    at: str  # ISO 8601 in UTC with microseconds
    account: int | None
    person: int | None
    action: str
    subject: str
    facts: str
    previous: str
    hash: str = ""


def link_hash(link: Link) -> str:
    """Return the hash that binds an entry to its content and to the entry before it."""
    return sha256_hex(
        canonical(
            [link.seq, link.at, link.account, link.person, link.action, link.subject, link.facts, link.previous],
        ),
    )


def first_fault(links: Iterable[Link], head: tuple[int, str]) -> str | None:
    """Walk the chain from its start; return a sentence about the first bad entry, or None.

    `head` is the pair of number and hash the walk must end with.
    """
    seq, previous = 0, GENESIS
    for link in links:
        if link.seq != seq + 1:
            return f"第{seq + 1}条缺失：其后是第{link.seq}条。"
        if link.previous != previous:
            return f"第{link.seq}条与前一条不衔接。"
        if link.hash != link_hash(link):
            return f"第{link.seq}条内容与其校验值不符。"
        seq, previous = link.seq, link.hash
    if (seq, previous) != head:
        return f"日志止于第{seq}条，应止于第{head[0]}条。" if seq != head[0] else f"第{seq}条的校验值与登记的末端不符。"
    return None
