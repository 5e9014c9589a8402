"""The words by which a form or a scope of publication reaches society, or stays inside the bureau. Pure."""

from collections.abc import Mapping
from typing import Any

SOCIAL_FORMS = (
    "门户",
    "网站",
    "公开栏",
    "办事手册",
    "新闻",
    "媒体",
    "报刊",
    "广播",
    "电视",
    "窗口",
    "公示牌",
    "咨询电话",
)
SOCIAL_SCOPES = ("社会公开", "社会公众", "全社会", "社会公示")
INSIDE_FORMS = ("内部", "局务会", "内网", "机关内")
NOT_PUBLISHED = ("不公开", "不予公开")
INSIDE_SCOPES = ("本局", "干部职工", "机关内部", "仅限", "内部")


def reaches_society(body: Mapping[str, Any]) -> bool:
    """Say whether a form or the scope of publication names society, and not only persons concerned or the bureau."""
    forms = any(has(form, SOCIAL_FORMS) and not has(form, INSIDE_FORMS) for form in body["publication_forms"])
    return forms or has(body["publication_scope"], SOCIAL_SCOPES)


def has(text: str, words: tuple[str, ...]) -> bool:
    """Say whether a text contains one of the words."""
    return any(word in text for word in words)
