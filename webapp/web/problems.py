"""What rules said about a form.

A view catches it only here:

    with form_errors() as problems, writing() as session:
        operations.rename(session, ..., by=current_actor())
    if problems:
        return answer("x/edit.html", page=..., problems=problems, typed=request.form, status=problems.status)

The template says `ui.error_summary(problems)` once and `error=problems.of("name")` at each field; both names are always
there (empty where nothing was refused), as is `typed`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from webapp.rules import NotAllowed, NotFound, RuleBroken, Stale


@dataclass(frozen=True)
class Problem:
    """One sentence about a form, for a field or (None) for the whole."""

    field: str | None
    message: str


@dataclass
class Problems:
    """The sentences about one form, and the status of the answer that shows them."""

    status: int = 200
    items: list[Problem] = field(default_factory=list)
    current: str | None = None  # what stands now, where somebody else was quicker

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Problem]:
        return iter(self.items)

    def add(self, broken: RuleBroken) -> None:
        """Take over what a rule said; an error that tells several things has them in `problems` (field, sentence)."""
        self.status = max(self.status, broken.status)
        told = getattr(broken, "problems", None)
        if told:
            self.items.extend(Problem(problem.field, problem.sentence) for problem in told)
        else:
            self.items.append(Problem(broken.field, broken.message))
        if isinstance(broken, Stale):
            self.current = broken.current

    def loosen(self) -> None:
        """Let the sentences stand for the whole form, where the field has no place of its own on the page."""
        self.items = [Problem(None, problem.message) for problem in self.items]

    def of(self, name: str) -> str | None:
        """Return what is wrong with one field, or None."""
        return " ".join(problem.message for problem in self.items if problem.field == name) or None


@contextmanager
def form_errors() -> Iterator[Problems]:
    """Catch what a rule says about a form, so that the view can show the form again with what was typed.

    Missing rights and missing things are no matter of the form and pass on to `web/errors.py`.
    """
    problems = Problems()
    try:
        yield problems
    except (NotAllowed, NotFound):
        raise
    except RuleBroken as broken:
        problems.add(broken)
