"""What is set: by the operator in the environment (read only here), and of the bureau in the database."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts.models import Bureau, Section
from webapp.accounts.reading import bureau_values
from webapp.config import Settings
from webapp.digests import digest

PATH = "/settings"


@dataclass(frozen=True)
class SettingsPage:
    """What the screen shows: no secret, no folder of the machine."""

    told: tuple[dict[str, str], ...]
    values: Mapping[str, str]
    digest: str
    sections: tuple[tuple[str, str], ...]


def settings_page(session: Session, settings: Settings) -> SettingsPage:
    """Return the settings. Two queries."""
    bureau = session.get(Bureau, 1)
    values = bureau_values(bureau)
    sections = session.execute(
        select(Section.id, Section.name)
        .where(Section.closed_on.is_(None), Section.kind != "outside")
        .order_by(Section.position, Section.id)
    )
    is_postgresql = settings.database_url.startswith("postgresql")
    told = (
        ("数据库", "PostgreSQL" if is_postgresql else "SQLite", "ZHIQUAN_DATABASE_URL"),
        ("允许的主机名", "、".join(settings.allowed_hosts), "ZHIQUAN_ALLOWED_HOSTS"),
        ("反向代理层数", str(settings.trusted_proxies), "ZHIQUAN_TRUSTED_PROXIES"),
        ("公开网站地址", settings.public_url, "ZHIQUAN_PUBLIC_URL"),
        ("密码有效天数", f"{settings.password_days}天" if settings.password_days else "不限", "ZHIQUAN_PASSWORD_DAYS"),
        ("局外单位登录", "允许" if settings.external_sign_in else "不允许", "ZHIQUAN_EXTERNAL_SIGN_IN"),
        ("固定日期", settings.today.isoformat() if settings.today else "不固定", "ZHIQUAN_TODAY"),
        ("会话密钥", "已设置", "ZHIQUAN_SECRET_KEY"),
    )
    return SettingsPage(
        told=tuple({"label": f"{label}（{name}）", "value": value} for label, value, name in told),
        values=values,
        digest=digest(values),
        sections=(("", "没有设立"), *((str(row.id), row.name) for row in sections)),
    )
