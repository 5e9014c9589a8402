"""The vault: sealed texts open with their key and for their complaint only; the key is made once and is private."""

import stat
from pathlib import Path

import pytest

from webapp.complaints.identity import refuse_identity
from webapp.complaints.vault import KEY_FILE, Identity, VaultClosed, make_vault_key, open_vault
from webapp.rules import Misconfigured, RuleBroken

WHO = Identity("钱三拟", "0519-8266 1234")


def test_what_is_sealed_opens_for_its_complaint_and_no_other(tmp_path: Path) -> None:
    make_vault_key(tmp_path, has_sealed=False)
    vault = open_vault(tmp_path)
    sealed = vault.seal(WHO, 7)
    assert vault.open(sealed, 7) == WHO
    assert sealed != vault.seal(WHO, 7)
    assert "钱三拟" not in sealed
    for wrong, number in ((sealed, 8), (sealed[:-4] + "AAAA", 7), ("", 7), ("不是密文", 7)):
        with pytest.raises(VaultClosed):
            vault.open(wrong, number)


def test_the_key_is_private_made_once_and_never_replaced_over_sealed_names(tmp_path: Path) -> None:
    with pytest.raises(VaultClosed):
        open_vault(tmp_path)
    assert make_vault_key(tmp_path, has_sealed=False)
    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600
    kept = (tmp_path / KEY_FILE).read_bytes()
    assert not make_vault_key(tmp_path, has_sealed=True)
    assert (tmp_path / KEY_FILE).read_bytes() == kept
    (tmp_path / KEY_FILE).unlink()
    with pytest.raises(Misconfigured):
        make_vault_key(tmp_path, has_sealed=True)
    (tmp_path / KEY_FILE).write_text("c2hvcnQ=", encoding="ascii")
    with pytest.raises(VaultClosed):
        open_vault(tmp_path)


@pytest.mark.parametrize("text", ["钱三拟来电称", "钱 三 拟来电", "电话0519-82661234", "电话０５１９ ８２６６１２３４"])
def test_a_text_that_names_the_complainant_is_refused(text: str) -> None:
    with pytest.raises(RuleBroken) as broken:
        refuse_identity(WHO, {"subject": "夜间噪声", "content": text})
    assert broken.value.field == "content"
    assert "钱三拟" not in broken.value.message


def test_other_texts_and_the_anonymous_pass() -> None:
    refuse_identity(WHO, {"content": "来件人称夜间噪声，电话0519-82660000"})
    refuse_identity(Identity(), {"content": "钱三拟"})
