"""Many items at once, each as it was on screen: to be handed to the chief, or to be signed by him. Pure."""

from dataclasses import dataclass

MAX_ITEMS = 300  # at once; each is an act of its own


@dataclass(frozen=True)
class ItemTicked:
    """An item as the chief saw it, with the points he ticked."""

    kind: str
    record: int
    seen_digest: str
    ticks: tuple[str, ...]


@dataclass(frozen=True)
class ItemReady:
    """A draft to be handed to the chief, as it was on screen."""

    kind: str
    record: int
    seen_version: int
