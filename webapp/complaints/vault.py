"""The vault: names and contacts of complainants, sealed with AES-256-GCM under a key that is no part of the database.

The key lies in the instance folder (`vault-key`, 0600) and in no backup: whoever holds a backup alone reads no name.
What is sealed is bound to its complaint, so that a sealed text moved to another row does not open. docs/OPERATING.md
says how the key is kept. Nothing here writes: `reveal` in `identity.py` journals every look.
"""

import base64
import binascii
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from webapp.rules import Misconfigured, RuleBroken

KEY_FILE = "vault-key"
_KEY_BYTES, _NONCE_BYTES = 32, 12


class VaultClosed(RuleBroken):
    """The key is not there or is not the one: nothing can be sealed or read."""

    status = 503

    def __init__(self) -> None:
        super().__init__("来件人信息的密钥缺失或者不符，不能存取。请联系系统管理员放回密钥文件 vault-key 后再试。")


@dataclass(frozen=True)
class Identity:
    """Who a complaint came from; what was not said is empty."""

    name: str = ""
    contact: str = ""

    @property
    def is_empty(self) -> bool:
        """Say whether the complaint is anonymous."""
        return not (self.name or self.contact)


class Vault:
    """Seals and opens identities with one key."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, identity: Identity, complaint: int) -> str:
        """Return an identity sealed for one complaint; twice the same gives two texts."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        plain = json.dumps([identity.name, identity.contact], ensure_ascii=False).encode()
        return base64.b64encode(nonce + self._cipher.encrypt(nonce, plain, _bound_to(complaint))).decode()

    def open(self, sealed: str, complaint: int) -> Identity:
        """Return what was sealed; raise VaultClosed where it was with another key or for another complaint."""
        try:
            kept = base64.b64decode(sealed, validate=True)
            plain = self._cipher.decrypt(kept[:_NONCE_BYTES], kept[_NONCE_BYTES:], _bound_to(complaint))
            name, contact = json.loads(plain)
        except (InvalidTag, binascii.Error, ValueError) as error:
            raise VaultClosed from error
        return Identity(name, contact)


def open_vault(instance: Path) -> Vault:
    """Return the vault of an installation; raise VaultClosed where its key is not there."""
    try:
        key = base64.b64decode((instance / KEY_FILE).read_text(encoding="ascii").strip(), validate=True)
    except (OSError, ValueError) as error:
        raise VaultClosed from error
    if len(key) != _KEY_BYTES:
        raise VaultClosed
    return Vault(key)


def make_vault_key(instance: Path, *, has_sealed: bool) -> bool:
    """Make the key where there is none; say whether it was made.

    Raises Misconfigured where the key is gone though identities are sealed: a new one would never open them.
    """
    if (instance / KEY_FILE).exists():
        return False
    if has_sealed:
        raise Misconfigured(
            f"密钥文件 {KEY_FILE} 不在 instance 文件夹中，而库中已有密封的来件人信息。"
            "请从单独保管的副本放回该文件；确已丢失的，须先逐件清除来件人信息。"
        )
    draft = instance / f".{KEY_FILE}.{secrets.token_hex(4)}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode() + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, instance / KEY_FILE)  # never over a key that another process made meanwhile
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    return True


def _bound_to(complaint: int) -> bytes:
    return f"complaint:{complaint}".encode()
