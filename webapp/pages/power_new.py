"""A new power: what it may be and which sections the viewer may register it for."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from webapp import clock
from webapp.pages.finding import section_names
from webapp.policy import Actor
from webapp.powers.categories import in_tree


@dataclass(frozen=True)
class NewPowerPage:
    """What the screen shows."""

    categories: tuple[tuple[str, str], ...]
    sections: tuple[tuple[str, str], ...]


def new_power_page(session: Session, *, viewer: Actor) -> NewPowerPage:
    """Return the page; the categories are named with the plan's group where the group is not the category itself."""
    own = [(each.name, each.name) for each in section_names(session) if each.id in viewer.own_sections]
    return NewPowerPage(categories=category_options(), sections=tuple(own))


def category_options() -> tuple[tuple[str, str], ...]:
    """Return the categories to choose from, in the plan's order, those that have ended by today left out."""
    day = clock.today().isoformat()
    options = [
        (each.key, each.name if group == each.name else f"{group}：{each.name}")
        for _, group, members in in_tree()
        for each in members
        if each.is_open_on(day)
    ]
    return (("", "请选择"), *options)
