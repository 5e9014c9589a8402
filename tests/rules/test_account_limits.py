"""How long things last, what a password must be, what one name is: pure."""

from datetime import UTC, datetime, timedelta

import pytest

from webapp.accounts.limits import is_alive, is_locked, is_worn_out
from webapp.accounts.passwords import (
    canonical_username,
    check_password,
    make_one_time_password,
    make_password,
    verify_password,
)
from webapp.rules import RuleBroken

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


@pytest.mark.parametrize(
    ("left", "locked"), [(None, False), (-1, False), (0, False), (1, True), (15, True), (17, False), (60 * 48, False)]
)
def test_a_lock_holds_a_quarter_of_an_hour_and_no_clock_prolongs_it(left: float | None, locked: bool) -> None:  # noqa: FBT001
    assert is_locked(None if left is None else NOW + minutes(left), NOW) is locked


@pytest.mark.parametrize(
    ("age", "idle", "alive"),
    [(0, 0, True), (60, 29, True), (60, 30, False), (719, 0, True), (720, 0, False), (-2, 0, False), (0, -2, False)],
)
def test_a_sign_in_lives_half_a_day_and_half_an_hour_unused(age: float, idle: float, alive: bool) -> None:  # noqa: FBT001
    assert is_alive(NOW - minutes(age), NOW - minutes(idle), NOW) is alive


def test_a_password_serves_its_days_or_for_ever() -> None:
    assert is_worn_out(NOW - timedelta(days=91), 90, NOW)
    assert not is_worn_out(NOW - timedelta(days=89), 90, NOW)
    assert not is_worn_out(NOW - timedelta(days=9000), 0, NOW)


@pytest.mark.parametrize("typed", ["zhang", "ＺＨＡＮＧ", " Zhang\u3000", "ｚhang", "zhang\t"])
def test_one_name_however_it_is_written(typed: str) -> None:
    assert canonical_username(typed) == "zhang"


def test_composed_and_decomposed_letters_are_one_name() -> None:
    assert canonical_username("e\u0301cole") == canonical_username("\u00c9COLE") == "\u00e9cole"


@pytest.mark.parametrize("typed", ["", "  ", "a b", "a\nb", "a\0b", "a\u200bb", "a\ud800", "x" * 65, "a\u2028b"])
def test_a_name_nobody_can_type_again_is_refused(typed: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        canonical_username(typed)
    assert refused.value.field == "username"


@pytest.mark.parametrize("password", ["Abcdef12", "abcdef1!", "ABCDEF1!", "Abcdefg!", "环保局Ab1环保局"])
def test_three_kinds_of_characters_will_do(password: str) -> None:
    check_password(password)


@pytest.mark.parametrize("password", ["", "Ab1!", "abcdefgh", "abcdefg1", "ABCDEFG1", "12345678", "Aa1" * 86])
def test_a_short_simple_or_endless_password_will_not_do(password: str) -> None:
    with pytest.raises(RuleBroken):
        check_password(password)


def test_a_password_built_on_the_name_will_not_do() -> None:
    with pytest.raises(RuleBroken):
        check_password("Clerk-2008", "clerk")


def test_a_hash_fits_its_password_only() -> None:
    made = make_password("Zhiquan-2008")
    assert verify_password("Zhiquan-2008", made.hash)
    assert not verify_password("Zhiquan-2009", made.hash)
    assert not verify_password("Zhiquan-2008", None)
    assert not verify_password("Zhiquan-2008", "not a hash")
    assert not verify_password("a" * 257, made.hash)
    assert "Zhiquan" not in repr(made)


def test_one_time_passwords_differ_and_meet_the_rule() -> None:
    made = {make_one_time_password().text for _ in range(3)}
    assert len(made) == 3
    for text in made:
        check_password(text)
