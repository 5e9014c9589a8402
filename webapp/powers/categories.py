"""The plan's tree of powers: six groups, nine kinds of enforcement, and the fields of each category. Pure.

Source: plan-2008 四(一); fields from domain.md 3.2-3.3, as the sample catalogue fills them. The order of a category's
fields is the order of its keys in `details`; a key that is not listed here is refused.
"""

from dataclasses import dataclass
from functools import cached_property

from webapp.powers.shapes import Audience, Field, Shape

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

    def detail(self, name: str) -> Field | None:
        """Return the category's own field of that key, if there is one."""
        return self.known.get(name)


def _line(name: str, heading: str) -> Field:
    return Field(name, heading, Shape.LINE)


def _text(name: str, heading: str) -> Field:
    return Field(name, heading, Shape.TEXT)


def _lines(name: str, heading: str) -> Field:
    return Field(name, heading, Shape.LINES)


def _flag(name: str, heading: str) -> Field:
    return Field(name, heading, Shape.FLAG)


def _count(name: str, heading: str) -> Field:
    return Field(name, heading, Shape.NUMBER)


def _one_of(name: str, heading: str, *words: str) -> Field:
    return Field(name, heading, Shape.CHOICE, options=tuple((word, word) for word in words))


def _inside(name: str, heading: str, shape: Shape = Shape.TEXT) -> Field:
    """Make a field that stays inside: about what is not settled or not published."""
    return Field(name, heading, shape, Audience.INTERNAL)


def _rows(name: str, heading: str, *parts: Field) -> Field:
    return Field(name, heading, Shape.ROWS, parts=parts)


def _group(name: str, heading: str, *parts: Field) -> Field:
    return Field(name, heading, Shape.GROUP, parts=parts)


_MATERIALS = _rows(
    "materials",
    "申请材料",
    _line("name", "材料名称"),
    _line("form", "原件或者复印件"),
    _count("copies", "份数"),
    _line("source", "来源"),
    _flag("required", "必须提交"),
    _line("note", "说明"),
)
_ACCEPTANCE = _group(
    "acceptance",
    "受理",
    _line("place", "受理地点"),
    _line("mode", "受理方式"),
    Field("limit", "受理时限", Shape.LIMIT),
)
_DECISIONS = ("重大项目", "资金分配", "资产处置", "重要事项")
_PERSONNEL = ("人员录用", "人员调动", "任免", "奖惩", "发展党员", "考核培训")
_PROPERTY = ("物资采购", "财物支配")
_FEES = ("行政性收费", "事业性收费")
_PART_PUBLIC = _inside("part_public", "可以公开的部分")
_REVIEW_CYCLE = _inside("review_cycle", "评估周期", Shape.LINE)

CATEGORIES = (
    Category(
        "penalty",
        "enforcement",
        "行政处罚",
        ("CF",),
        "external",
        (
            _text("violation", "违法行为"),
            _text("violated_article", "违反条款"),
            _lines("penalty_kinds", "处罚种类"),
            _text("range", "处罚幅度"),
            _inside("range_checked", "幅度已核对原文", Shape.FLAG),
            _text("correction_order", "责令改正"),
            _text("discretion_factors", "裁量因素"),
            Field(
                "procedure",
                "适用程序",
                Shape.CHOICES,
                options=(("ordinary", "一般程序"), ("simple", "简易程序")),
            ),
            _group("hearing", "听证", _flag("available", "可以要求听证"), _text("when", "听证的情形和期限")),
            _flag("legal_review", "须经法制审核"),
            _text("collective_review", "集体讨论"),
            _count("limitation_years", "追诉时效(年)"),
            _text("enforcement", "执行方式"),
            _text("transfer", "移送"),
        ),
        about="对违反环境保护管理秩序的行为给予的处罚。",
    ),
    Category(
        "licence",
        "enforcement",
        "行政许可",
        ("XK",),
        "external",
        (
            _lines("sub_items", "子项"),
            _line("quantity_limit", "数量限制"),
            _MATERIALS,
            _ACCEPTANCE,
            _lines("special_procedures", "特殊程序"),
            _group(
                "result",
                "办理结果",
                _line("name", "结果名称"),
                _line("validity", "有效期"),
                _text("renewal", "延续"),
            ),
            Field("delivery_limit", "送达时限", Shape.LIMIT),
            _count("visits", "到现场次数"),
            _line("charge", "收费"),
            _text("follow_up_supervision", "事后监管"),
        ),
        about="根据申请，准予从事特定活动。",
    ),
    Category(
        "other_approval",
        "enforcement",
        "非行政许可审批",
        ("SP",),
        "external",
        (
            _lines("sub_items", "子项"),
            _text("guideline", "申报指南"),
            _count("scope_months", "核查时段(月)"),
            _MATERIALS,
            _ACCEPTANCE,
            _text("result", "办理结果"),
            _text("decision_standard", "审批标准"),
            _text("eligibility", "申请条件"),
            _text("amount", "额度"),
            _text("deferral_limit", "缓缴期限"),
            _line("joint_body", "会同部门"),
            _text("scoring", "评审办法"),
            _text("ceiling", "补助上限"),
            _count("publicity_days", "公示天数"),
            _text("conclusion", "审核结论"),
            _text("boundary", "权限边界"),
            _line("charge", "收费"),
            _text("follow_up_supervision", "事后监管"),
            _line("next_level", "上报机关"),
            _text("publication", "结果公告"),
        ),
        about="行政许可以外的审批事项。该类别自2015年起在全国取消，只用于此前的目录。",
    ),
    Category(
        "compulsion",
        "enforcement",
        "行政强制",
        ("QZ",),
        "external",
        (
            _line("measure_kind", "强制种类"),
            _text("situations", "适用情形"),
            _text("target", "对象"),
            _line("approved_by", "批准权限"),
            _text("duration", "期限"),
            _text("inventory_and_keeping", "清单和保管"),
            _text("release_conditions", "解除情形"),
            _text("cost", "费用"),
            _text("urgent_case", "紧急情况"),
            _count("officers", "执法人员(不少于)"),
            _text("remedies", "救济途径"),
        ),
        about="查封、扣押等强制措施和强制执行。",
    ),
    Category(
        "levy",
        "enforcement",
        "行政征收",
        ("ZS",),
        "external",
        (
            _line("levy_item", "征收项目"),
            _text("payer", "缴纳义务人"),
            _text("calculation_base", "计征基数"),
            _text("standard", "征收标准"),
            _text("period", "征收期"),
            _text("reduction", "减免缓"),
            _text("ticket", "票据"),
            _text("treasury", "缴库"),
            _text("objection", "异议处理"),
        ),
        about="依法征收排污费等款项。",
    ),
    Category(
        "confirmation",
        "enforcement",
        "行政确认",
        ("QR",),
        "external",
        (
            _text("content", "确认内容"),
            _lines("materials", "申请材料"),
            _line("certificate", "证明文书"),
            _line("validity", "有效期"),
            _text("revocation", "更正和撤销"),
            _text("inspection_rate", "抽查比例"),
        ),
        about="对法律事实或者法律关系予以确定、认可、证明。",
    ),
    Category(
        "adjudication",
        "enforcement",
        "行政裁决",
        ("CJ",),
        "external",
        (
            _lines("dispute_types", "争议类型"),
            _text("applicant", "申请人"),
            _text("acceptance_conditions", "受理条件"),
            _lines("materials", "申请材料"),
            _text("recusal", "回避"),
            _text("effect", "效力"),
            _text("remedy", "救济"),
            _line("fee", "收费"),
        ),
        about="对与职权有关的民事争议居中处理。",
    ),
    Category(
        "payment",
        "enforcement",
        "行政给付",
        ("JF",),
        "external",
        (
            _text("recipients", "给付对象"),
            _text("standard", "给付标准"),
            _text("source", "资金来源"),
            _lines("materials", "申请材料"),
            _count("publicity_days", "公示天数"),
            _text("payment_schedule", "拨付办法"),
            _text("recovery", "停发和追回"),
            _text("performance", "绩效评价"),
        ),
        about="依法拨付补助等款项。",
    ),
    Category(
        "other_enforcement",
        "enforcement",
        "其他行政执法",
        ("ZF",),
        "external",
        (
            _text("matter", "事项内容"),
            _text("objects", "对象"),
            _text("mode", "方式"),
            _text("frequency", "频次"),
            _text("result", "结果"),
            _text("record", "文书"),
            _flag("pooled_drawing", "随机抽取检查对象"),
            _text("extension", "延期"),
            _text("response_limit", "答复期限"),
            _lines("reward_tiers", "奖励档次"),
            _line("fee_item", "收费项目"),
            _count("publicity_days", "公示天数"),
            _line("charge", "收费"),
            _PART_PUBLIC,
            _REVIEW_CYCLE,
        ),
        about="监督检查、备案、奖励等其他行政执法职权。",
    ),
    Category(
        "fee",
        "fees",
        "行政事业性收费",
        ("SFX", "SFS"),
        "external",
        (
            _line("fee_item", "收费项目"),
            _one_of("nature", "收费性质", *_FEES),
            _line("collector", "执收单位"),
            _line("payee", "收款账户性质"),
            _text("object", "收费对象"),
            _line("unit", "计费单位"),
            _line("approved_by", "批准机关"),
            _text("fund", "资金管理"),
            _line("ticket", "票据"),
            _one_of("status", "状态", "执行", "停征", "取消"),
            _text("reduction", "减免"),
            Field("price_hotline_key", "价格举报电话", Shape.CONTACT),
            _flag("notice_board", "设置收费公示牌"),
        ),
        _FEES,
        "行政性收费和事业性收费。",
    ),
    Category(
        "decision",
        "decisions",
        "重大事项决策",
        ("JC",),
        "internal",
        (
            _one_of("subcategory", "子类", *_DECISIONS),
            _text("threshold", "额度标准"),
            _line("proposed_by", "提出科室"),
            _line("decided_by", "决策主体"),
            _rows(
                "preliminaries",
                "前置程序",
                _line("step", "环节"),
                _flag("required", "必经"),
                _line("note", "说明"),
            ),
            _text("quorum", "参会人数"),
            _text("voting", "表决方式"),
            _text("execution", "执行"),
            _text("disclosure_content", "决策公开内容"),
            _inside("archive", "归档"),
            _lines("participants", "参加人员"),
            _lines("sections", "参与科室"),
        ),
        _DECISIONS,
        "重大项目、资金分配、资产处置等重要事项的决策。",
    ),
    Category(
        "personnel",
        "personnel",
        "组织人事",
        ("RS",),
        "internal",
        (
            _one_of("subcategory", "子类", *_PERSONNEL),
            _text("qualifications", "资格条件"),
            _line("publicity_scope", "公示范围"),
            _line("publicity_days", "公示天数"),
            _lines("procedure_steps", "程序"),
            _text("publicity_object", "公示对象"),
            _text("personal_data_rule", "个人信息保护"),
            _text("objections_received_by", "意见受理"),
            _line("exam_by", "考试组织机关"),
            _count("rotation_years", "轮岗年限"),
            _line("recommended_by", "推荐方式"),
            _text("excellent_ratio", "优秀比例"),
            _lines("effect_terms", "处分期间"),
            _count("probation_months", "试用期(月)"),
            _PART_PUBLIC,
            _REVIEW_CYCLE,
        ),
        _PERSONNEL,
        "人员录用、调动、任免、奖惩、发展党员等。",
    ),
    Category(
        "property",
        "property",
        "财物处置",
        ("CW",),
        "internal",
        (
            _one_of("subcategory", "子类", *_PROPERTY),
            _rows(
                "tiers",
                "限额分档",
                _line("range", "金额区间"),
                _line("approval", "审批权限"),
                _line("method", "方式"),
                _line("publish", "公开"),
            ),
            _text("budget_basis", "预算依据"),
            _text("quotation", "询价和招标"),
            _text("separation_of_duties", "岗位分离"),
            _text("acceptance", "验收"),
            _text("asset_register", "资产登记"),
            _text("income_treasury", "收入上缴"),
            _text("disclosure_content", "公示内容"),
        ),
        _PROPERTY,
        "物资采购、财物支配等。",
    ),
    Category(
        "other",
        "others",
        "其他依法实施的职权",
        ("QT",),
        "external",
        (
            _text("matter", "事项内容"),
            _text("objects", "对象"),
            _text("result", "结果"),
            _inside("note", "说明"),
        ),
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
