"""The plan's tree of powers: six groups, nine kinds of enforcement, and the fields of each category. Pure.

Source: plan-2008 四(一). The fields of each category stand in `details_enforcement` and `details_others`; their order
is the order of the keys in `details`, and a key that is not listed there is refused.
"""

from dataclasses import dataclass
from functools import cached_property

from webapp.powers import details_enforcement as enforcement
from webapp.powers import details_others as others
from webapp.powers.shapes import Field

GROUPS = (
    ("enforcement", "行政执法"),
    ("fees", "行政事业性收费"),
    ("decisions", "重大事项决策"),
    ("personnel", "组织人事"),
    ("property", "财物处置"),
    ("others", "其他"),
)


@dataclass(frozen=True)
class Category:
    """One kind of power: its group in the plan, its words, the prefixes of its codes and its own fields."""

    key: str
    group: str
    name: str
    prefixes: tuple[str, ...]  # of codes: JTHB-CF-001
    direction: str  # default: external or internal
    details: tuple[Field, ...]
    subcategories: tuple[str, ...] = ()
    about: str = ""
    ended_on: str = ""  # the day from which the State knows the category no more; "" while it stands

    @property
    def slug(self) -> str:
        """Return the word in public addresses."""
        return self.key.replace("_", "-")

    @property
    def group_name(self) -> str:
        """Return the plan's word for the group."""
        return dict(GROUPS)[self.group]

    @cached_property
    def known(self) -> dict[str, Field]:
        """Return the category's own fields by key."""
        return {field.name: field for field in self.details}

    def is_open_on(self, day: str) -> bool:
        """Say whether entries of that reference date (YYYY-MM-DD, "" for none) may be of the category."""
        return not self.ended_on or not day or day < self.ended_on

    def detail(self, name: str) -> Field | None:
        """Return the category's own field of that key, if there is one."""
        return self.known.get(name)


CATEGORIES = (
    Category(
        "penalty",
        "enforcement",
        "行政处罚",
        ("CF",),
        "external",
        enforcement.PENALTY,
        about="对违反环境保护管理秩序的行为给予的处罚。",
    ),
    Category(
        "licence",
        "enforcement",
        "行政许可",
        ("XK",),
        "external",
        enforcement.LICENCE,
        about="根据申请，准予从事特定活动。",
    ),
    Category(
        "other_approval",
        "enforcement",
        "非行政许可审批",
        ("SP",),
        "external",
        enforcement.OTHER_APPROVAL,
        about="行政许可以外的审批事项。该类别自2015年起在全国取消，只用于此前的目录。",
        ended_on="2015-05-14",  # 国发〔2015〕27号
    ),
    Category(
        "compulsion",
        "enforcement",
        "行政强制",
        ("QZ",),
        "external",
        enforcement.COMPULSION,
        about="查封、扣押等强制措施和强制执行。",
    ),
    Category(
        "levy",
        "enforcement",
        "行政征收",
        ("ZS",),
        "external",
        enforcement.LEVY,
        about="依法征收排污费等款项。",
    ),
    Category(
        "confirmation",
        "enforcement",
        "行政确认",
        ("QR",),
        "external",
        enforcement.CONFIRMATION,
        about="对法律事实或者法律关系予以确定、认可、证明。",
    ),
    Category(
        "adjudication",
        "enforcement",
        "行政裁决",
        ("CJ",),
        "external",
        enforcement.ADJUDICATION,
        about="对与职权有关的民事争议居中处理。",
    ),
    Category(
        "payment",
        "enforcement",
        "行政给付",
        ("JF",),
        "external",
        enforcement.PAYMENT,
        about="依法拨付补助等款项。",
    ),
    Category(
        "other_enforcement",
        "enforcement",
        "其他行政执法",
        ("ZF",),
        "external",
        enforcement.OTHER_ENFORCEMENT,
        about="监督检查、备案、奖励等其他行政执法职权。",
    ),
    Category(
        "fee",
        "fees",
        "行政事业性收费",
        ("SFX", "SFS"),
        "external",
        others.FEE,
        others.FEE_KINDS,
        "行政性收费和事业性收费。",
    ),
    Category(
        "decision",
        "decisions",
        "重大事项决策",
        ("JC",),
        "internal",
        others.DECISION,
        others.DECISION_KINDS,
        "重大项目、资金分配、资产处置等重要事项的决策。",
    ),
    Category(
        "personnel",
        "personnel",
        "组织人事",
        ("RS",),
        "internal",
        others.PERSONNEL,
        others.PERSONNEL_KINDS,
        "人员录用、调动、任免、奖惩、发展党员等。",
    ),
    Category(
        "property",
        "property",
        "财物处置",
        ("CW",),
        "internal",
        others.PROPERTY,
        others.PROPERTY_KINDS,
        "物资采购、财物支配等。",
    ),
    Category(
        "other",
        "others",
        "其他依法实施的职权",
        ("QT",),
        "external",
        others.OTHER,
        about="前五类以外依法实施的职权。",
    ),
)

_BY_KEY = {category.key: category for category in CATEGORIES}
_BY_SLUG = {category.slug: category for category in CATEGORIES}
_BY_PREFIX = {prefix: category for category in CATEGORIES for prefix in category.prefixes}
OPTIONS = tuple((category.key, category.name) for category in CATEGORIES)


def category(key: str) -> Category | None:
    """Return the category of that key."""
    return _BY_KEY.get(key)


def category_by_slug(slug: str) -> Category | None:
    """Return the category of that word in a public address."""
    return _BY_SLUG.get(slug)


def category_of_code(code: str) -> Category | None:
    """Return the category a code such as JTHB-CF-001 belongs to by its prefix."""
    return next((_BY_PREFIX[part] for part in code.split("-") if part in _BY_PREFIX), None)


def category_label(key: str) -> str:
    """Return the name of a category, or the key itself where it is unknown."""
    found = _BY_KEY.get(key)
    return found.name if found else key


def code_prefix(key: str, nature: str = "") -> str:
    """Return the prefix of new codes of a category; fees are told apart by their nature 收费性质."""
    prefixes = _BY_KEY[key].prefixes
    return prefixes[-1] if key == "fee" and nature == "事业性收费" else prefixes[0]


def in_tree() -> tuple[tuple[str, str, tuple[Category, ...]], ...]:
    """Return the plan's tree: (group's key, its name, its categories), in the plan's order."""
    return tuple((key, name, tuple(c for c in CATEGORIES if c.group == key)) for key, name in GROUPS)
