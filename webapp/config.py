"""Settings of an installation: environment variables with the prefix ZHIQUAN_, and what the instance folder keeps."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from webapp.rules import Misconfigured

SECRET_BYTES = 32
_KNOWN_SECRETS = frozenset({"dev", "secret", "changeme", "zhiquan", "test"})


@dataclass(frozen=True)
class Settings:
    """What an installation was told; see docs/OPERATING.md for each."""

    instance: Path
    database_url: str
    secret_key: str = field(repr=False)
    allowed_hosts: tuple[str, ...]
    trusted_proxies: int
    public_url: str
    demo_password: str | None = field(repr=False)
    today: date | None
    external_sign_in: bool
    password_days: int = 90  # 等保 2.0 level 2 asks for a change; 0 asks for none, as OWASP ASVS would have it

    @property
    def editions(self) -> Path:
        """Folder of the stored bundles."""
        return self.instance / "editions"

    @property
    def drawings(self) -> Path:
        """Folder of the stored drawings, one file per flow digest."""
        return self.instance / "drawings"

    @property
    def files(self) -> Path:
        """Folder of the stored files, one per content."""
        return self.instance / "files"

    @property
    def demo_mark(self) -> Path:
        """File whose presence says that this instance holds the sample bureau."""
        return self.instance / "DEMO"


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; raise Misconfigured with a sentence for the operator where one cannot be."""
    given = os.environ if environment is None else environment

    def value(name: str, default: str = "") -> str:
        return given.get(f"ZHIQUAN_{name}", default).strip()

    instance = Path(value("INSTANCE", "instance")).absolute()
    instance.mkdir(parents=True, exist_ok=True)
    proxies = value("TRUSTED_PROXIES", "0")
    if not proxies.isdigit():
        raise Misconfigured("ZHIQUAN_TRUSTED_PROXIES 应为反向代理的层数(0、1、2…)。")
    hosts = tuple(host.strip().lower() for host in value("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(","))
    return Settings(
        instance=instance,
        database_url=value("DATABASE_URL") or f"sqlite:///{instance / 'zhiquan.sqlite'}",
        secret_key=_secret_key(value("SECRET_KEY"), instance),
        allowed_hosts=tuple(host for host in hosts if host),
        trusted_proxies=int(proxies),
        public_url=value("PUBLIC_URL", "http://127.0.0.1:8001").rstrip("/"),
        demo_password=value("DEMO_PASSWORD") or None,
        today=_fixed_day(value("TODAY")),
        external_sign_in=value("EXTERNAL_SIGN_IN", "0") == "1",
        password_days=_days(value("PASSWORD_DAYS", "90")),
    )


def _days(text: str) -> int:
    if not text.isdigit():
        raise Misconfigured("ZHIQUAN_PASSWORD_DAYS 应为密码的有效天数，0表示不限。")
    return int(text)


def _fixed_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Misconfigured("ZHIQUAN_TODAY 应写成 2008-07-08 这样的日期。") from error


def _secret_key(given: str, instance: Path) -> str:
    if given:
        if len(given.encode()) < SECRET_BYTES or given.lower() in _KNOWN_SECRETS or len(set(given)) < SECRET_BYTES // 4:
            raise Misconfigured("ZHIQUAN_SECRET_KEY 过短或过于简单：请换成至少32字节的随机串，或不设此项由系统生成。")
        return given
    kept = instance / "secret-key"
    try:
        # Several workers start at once: the first to create the file decides, the others read it.
        descriptor = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        text = kept.read_text()
        if len(text) < SECRET_BYTES:
            raise Misconfigured(f"{kept.name} 已损坏：请删除该文件后重新启动，所有人需重新登录。") from None
        return text
    key = secrets.token_hex(SECRET_BYTES)
    with os.fdopen(descriptor, "w") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    return key
