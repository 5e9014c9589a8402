"""What a rule says when it is broken: one family of errors, each a sentence in Chinese for the person who sees it.

`web/errors.py` renders them; nothing else does.
"""


class RuleBroken(Exception):  # noqa: N818 - the name of the house, see design.md rule 8
    """A request that a rule refuses: what happened and what to do, and the field it concerns if there is one."""

    status = 422

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class Stale(RuleBroken):
    """Somebody changed the record after the person saw it; `current` tells what stands now."""

    status = 409

    def __init__(self, message: str, current: str | None = None) -> None:
        super().__init__(message)
        self.current = current


class NotAllowed(RuleBroken):
    """The person may not do this; nothing about the object may be inferred from it."""

    status = 403


class NotFound(RuleBroken):
    """There is no such thing, or the person may not know that there is."""

    status = 404

    def __init__(self, message: str = "没有找到您要的内容。请核对地址，或从导航重新进入。") -> None:
        super().__init__(message)


class Misconfigured(Exception):  # noqa: N818 - addressed to the operator, not an input error
    """The installation cannot run like this; the sentence tells the operator what to change."""
