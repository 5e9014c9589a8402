"""Passwords and names to sign in with: one canonical name, what a password must be, and argon2 under a cap."""

import re
import secrets
import string
import threading
import unicodedata
from dataclasses import dataclass, field

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from webapp.rules import RuleBroken

MAX_LENGTH = 256  # characters; checked before anything is hashed
MIN_LENGTH = 8  # 等保 2.0 level 2: at least 8 characters of at least three kinds
MIN_KINDS = 3
MAX_USERNAME = 64
_ONE_TIME_LENGTH = 14
# One hash takes 22 ms and 19 MiB; two at a time per process keep the other pages quick.
_PARALLEL = 2
_WAIT_SECONDS = 5.0

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_places = threading.BoundedSemaphore(_PARALLEL)


class SignInBusy(RuleBroken):
    """More people sign in at this moment than can be checked."""

    status = 503

    def __init__(self) -> None:
        super().__init__("现在登录的人较多，请稍候再试。")


@dataclass(frozen=True)
class NewPassword:
    """A password and its hash, made before the transaction that stores it begins."""

    text: str = field(repr=False)
    hash: str = field(repr=False)


def canonical_username(text: str) -> str:
    """Return the one form of a name to sign in with (NFKC, casefold, trimmed); raise RuleBroken for an unusable one."""
    name = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).strip()
    if not name:
        raise RuleBroken("请填写登录名。", "username")
    if len(name) > MAX_USERNAME:
        raise RuleBroken(f"登录名过长：最多{MAX_USERNAME}个字。", "username")
    if any(unicodedata.category(char)[0] in "CZ" for char in name):
        raise RuleBroken("登录名中有空格或无法显示的字符，请去掉后再填。", "username")
    return name


def check_password(password: str, username: str = "") -> None:
    """Raise RuleBroken unless a new password is long and varied enough and is not built on the name."""
    if len(password) > MAX_LENGTH:
        raise RuleBroken(f"密码过长：最多{MAX_LENGTH}个字符。", "new_password")
    if len(password) < MIN_LENGTH:
        raise RuleBroken(f"密码过短：至少{MIN_LENGTH}个字符。", "new_password")
    kinds = sum(bool(re.search(pattern, password)) for pattern in ("[a-z]", "[A-Z]", "[0-9]", "[^a-zA-Z0-9]"))
    if kinds < MIN_KINDS:
        raise RuleBroken("密码过于简单：大写字母、小写字母、数字、其他字符中至少要有三种。", "new_password")
    if username and username in password.casefold():
        raise RuleBroken("密码中不能含有登录名，请换一个。", "new_password")


def make_password(text: str, username: str = "") -> NewPassword:
    """Check a password that somebody chose and hash it (22 ms: never inside a write transaction)."""
    check_password(text, username)
    return NewPassword(text, hash_password(text))


def make_one_time_password() -> NewPassword:
    """Return a random password of all four kinds, without letters and digits that look alike."""
    letters = "".join(char for char in string.ascii_letters + string.digits if char not in "0O1lI")
    text = "".join(secrets.choice(letters) for _ in range(_ONE_TIME_LENGTH - 4))
    text += (
        secrets.choice("abcdefgh") + secrets.choice("ABCDEFGH") + secrets.choice("23456789") + secrets.choice("-+=.")
    )
    return NewPassword(text, hash_password(text))


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password, whatever its strength; raise RuleBroken for one that is too long."""
    if len(password) > MAX_LENGTH:
        raise RuleBroken(f"密码过长：最多{MAX_LENGTH}个字符。", "password")
    with _Place():
        return _hasher.hash(_encoded(password))


def verify_password(password: str, stored: str | None) -> bool:
    """Say whether a password fits a stored hash; takes the same time when there is none (`stored` is None).

    A password over the length limit is hashed in its shortened form against nothing, so that it costs no more.
    """
    fits = len(password) <= MAX_LENGTH and stored is not None
    with _Place():
        try:
            _hasher.verify(stored if fits and stored else _DUMMY, _encoded(password[:MAX_LENGTH]))
        except (VerifyMismatchError, InvalidHashError):
            return False
    return fits


def _encoded(password: str) -> bytes:
    # The same key may be typed as one character or as two; lone surrogates cannot come from a keyboard but may be sent.
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")


class _Place:
    """One of the places in which a password is hashed; whoever waits too long is told so."""

    def __enter__(self) -> None:
        if not _places.acquire(timeout=_WAIT_SECONDS):
            raise SignInBusy

    def __exit__(self, *_: object) -> None:
        _places.release()


_DUMMY = _hasher.hash(secrets.token_bytes(16))
