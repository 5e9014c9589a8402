"""Every place that the navigation shows somebody opens for him."""

from collections.abc import Callable

import pytest

from harness.databases import only_sqlite
from harness.visitors import Maker, Visitor
from webapp.policy import GRANTS, OUTSIDE, Actor, Grant, Permission, Role
from webapp.web.context import PLACES, home_of, navigation_for


@only_sqlite
@pytest.mark.parametrize("role", sorted(set(Role) - OUTSIDE))
def test_every_place_of_a_role_opens(role: Role, make: Maker, sign_in: Callable[[Actor], Visitor]) -> None:
    actor = make.account(role, section="污染控制科")
    visitor = sign_in(actor)
    places = navigation_for(actor, home_of(actor))
    assert [place.current for place in places].count(True) == 1
    for place in places:
        shown = visitor.get(place.address)
        assert shown.status == 200, (place.address, shown.text)
        assert place.label in shown.text


@only_sqlite
@pytest.mark.parametrize("role", sorted(OUTSIDE))
def test_somebody_from_outside_sees_no_place_that_is_shut(
    role: Role, make: Maker, sign_in: Callable[[Actor], Visitor]
) -> None:
    actor = make.account(role)
    visitor = sign_in(actor)
    for address in (home_of(actor), *(place.address for place in navigation_for(actor, "/"))):
        assert visitor.get(address).status == 200, address


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/imports/new", "/imports/new"),
        ("/imports/7", "/imports/new"),
        ("/powers/new", "/powers"),
        ("/powers/7/draft", "/powers"),
        ("/importsX", ""),
    ],
)
def test_the_place_a_page_belongs_to_is_marked(path: str, place: str) -> None:
    actor = Actor(account=1, person=1, name="甲", username="a", grants=frozenset({Grant(Role.OFFICE)}))
    assert [one.address for one in navigation_for(actor, path) if one.current] == ([place] if place else [])


def test_every_place_is_seen_by_somebody_and_stands_once() -> None:
    assert len({place.address for place in PLACES}) == len(PLACES)
    for place in PLACES:
        assert place.permission is Permission.SIGNED_IN or GRANTS[place.permission], place
