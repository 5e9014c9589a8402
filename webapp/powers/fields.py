"""The fields of an entry in the contract's order: headings, audiences, panels, help; the check of a whole body. Pure.

A body is a dict with exactly the keys of `FIELDS`, in their order, as a line of catalogue.jsonl without `record` and
`code` (the code belongs to the record: it is given at first approval and no digest depends on it).
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeAlias

from webapp.powers import categories
from webapp.powers.categories import Category
from webapp.powers.checks import check_value
from webapp.powers.shapes import Audience, Field, FieldProblem, Shape, empty_value, in_order

__all__ = ["Audience", "Field", "FieldProblem", "Shape"]

Body: TypeAlias = dict[str, Any]

PANELS = (
    ("item", "事项与清理"),
    ("basis", "行使依据"),
    ("procedure", "程序、时限与收费"),
    ("duties", "职责、规则与追责"),
    ("oversight", "监督与救济"),
    ("publication", "公开"),
    ("details", "类别专项"),
)

BASIS_KINDS = (
    ("law", "法律"),
    ("regulation", "行政法规"),
    ("local_regulation", "地方性法规"),
    ("rule", "规章"),
    ("normative", "规范性文件"),
    ("policy", "政策"),
    ("party_rule", "党内法规"),
    ("own_rule", "本局制度"),
)
BASIS_ROLES = (
    ("establishing", "设定"),
    ("implementing", "实施"),
    ("supervising", "监管"),
    ("violation", "违则"),
    ("sanction", "罚则"),
    ("procedure", "程序"),
    ("fee", "收费"),
    ("discretion", "裁量"),
)
DIRECTIONS = (("external", "对外"), ("internal", "对内"))
PROCEDURES = (("statutory", "法定程序"), ("actual", "实际工作程序"))
DISCLOSURES = (("public", "社会公开"), ("bureau", "机关内部公开"), ("pending", "待定"))
VERDICTS = (("in_place", "职责到位"), ("missing", "职责不到位"), ("overreach", "职责越位"))
KEY_AREAS = (("people", "人"), ("money", "财"), ("goods", "物"), ("affairs", "事"))
PUBLICATION_FORMS = (  # offered, not prescribed: forms name what the item really uses
    "政府门户网站",
    "政务公开栏",
    "办事手册",
    "新闻媒体",
    "业务咨询电话",
    "机关工作简报",
    "行政服务中心窗口",
    "收费公示牌",
    "政府采购指定媒体",
    "处罚决定书送达当事人",
    "局务会通报",
    "内部公开栏",
    "不公开",
)
PUBLICATION_SCOPES = ("社会公开", "行政相对人;目录社会公开", "本局干部职工", "仅限承办及审批人员")

CODE = Field("code", "职权编码", Shape.LINE, help="沿用原编码，或在首次审定时由系统给出；编码永不重用。")

_BASIS_PARTS = (
    Field("kind", "依据种类", Shape.CHOICE, options=BASIS_KINDS),
    Field("law", "依据名称", Shape.LINE, longest=200),
    Field("edition", "版本或文号", Shape.LINE, longest=200),
    Field("article", "条款", Shape.LINE, longest=200),
    Field("role", "依据作用", Shape.CHOICE, options=BASIS_ROLES),
)
_FEE_PARTS = (
    Field("item", "收费项目", Shape.LINE),
    Field("basis", "收费依据", Shape.LINE),
    Field("standard", "收费标准", Shape.TEXT),
)
_DUTY_PARTS = (Field("post", "岗位", Shape.LINE), Field("duty", "职责", Shape.TEXT))
_INTERNAL = Audience.INTERNAL

FIELDS = (
    Field("category", "职权类别", Shape.CHOICE, panel="item", required=True, options=categories.OPTIONS),
    Field("name", "项目名称", Shape.LINE, panel="item", required=True, longest=120, help="与上级目录同名的照用原名。"),
    Field("direction", "对内/对外", Shape.CHOICE, panel="item", required=True, options=DIRECTIONS),
    Field(
        "implementing_body",
        "实施主体",
        Shape.LINE,
        panel="item",
        required=True,
        help="以谁的名义行使：法定机关、授权组织或受委托组织的全称。",
    ),
    Field("handling_body", "承办机构", Shape.LINE, panel="item", required=True, help="实际办理的机构全称。"),
    Field("section", "承办部门(牵头)", Shape.SECTION, panel="item", required=True),
    Field("joint_sections", "协办科室", Shape.SECTIONS, panel="item", help="须会签的科室。"),
    Field("support_sections", "配合科室", Shape.SECTIONS, panel="item", help="只需知会的科室。"),
    Field(
        "basis",
        "行使依据",
        Shape.ROWS,
        panel="basis",
        required=True,
        parts=_BASIS_PARTS,
        help="逐条列明，效力高的在前；可以写简称和条号，如“大气法 48”。",
    ),
    Field("conditions", "行使条件", panel="basis", required=True, help="具备什么条件才可以行使。"),
    Field("exercise_scope", "行使范围", panel="basis", required=True, help="对谁行使；公开范围应当与之一致。"),
    Field(
        "procedure",
        "程序来源",
        Shape.CHOICE,
        panel="procedure",
        required=True,
        options=PROCEDURES,
        help="法律法规规定了程序的为法定程序，没有规定的为实际工作程序。",
    ),
    Field("statutory_limit", "法定时限", Shape.LIMIT, panel="procedure", help="法律没有规定的留空；当场办结写0。"),
    Field("promised_limit", "承诺时限", Shape.LIMIT, panel="procedure", help="不得长于法定时限，起算点应相同。"),
    Field("fees", "收费依据和标准", Shape.ROWS, panel="procedure", parts=_FEE_PARTS, help="不收费的留空。"),
    Field(
        "duties",
        "人员职责分工",
        Shape.ROWS,
        panel="duties",
        required=True,
        parts=_DUTY_PARTS,
        help="写岗位，不写姓名。",
    ),
    Field("rules", "行政权力的规则", panel="duties", required=True, help="行使时必须遵守的规则、裁量标准。"),
    Field("service_commitment", "服务承诺", panel="duties", required=True),
    Field("discipline", "工作纪律", panel="duties", required=True),
    Field("responsibility_items", "责任事项", Shape.LINES, panel="duties", help="与流程图环节对应，括号内写岗位。"),
    Field("accountability", "责任追究", panel="duties", required=True),
    Field("control_points", "监督制约环节", panel="oversight", required=True, help="哪个环节、由谁、怎样监督制约。"),
    Field(
        "counterpart_rights", "相对人权利", panel="oversight", required=True, help="陈述申辩、听证、复议、诉讼及期限。"
    ),
    Field("complaint_channel", "投诉举报途径和方式", panel="oversight", required=True),
    Field("contact", "咨询电话", Shape.CONTACT, panel="oversight", required=True, help="从通讯目录选择。"),
    Field(
        "supervision_contact",
        "监督电话",
        Shape.CONTACT,
        panel="oversight",
        required=True,
        help="从通讯目录选择，应与咨询电话不同。",
    ),
    Field("publication_content", "公开内容", panel="publication", help="行使职权的哪些内容、环节、结果要公开。"),
    Field(
        "publication_forms",
        "公开形式",
        Shape.LINES,
        panel="publication",
        required=True,
        suggested=PUBLICATION_FORMS,
    ),
    Field(
        "publication_scope",
        "公开范围",
        Shape.LINE,
        panel="publication",
        required=True,
        help="比行使范围窄的要有理由。",
        suggested=PUBLICATION_SCOPES,
    ),
    Field("publication_time", "公开时间", Shape.LINE, panel="publication", required=True),
    Field(
        "disclosure",
        "目录公开属性",
        Shape.CHOICE,
        _INTERNAL,
        "publication",
        required=True,
        options=DISCLOSURES,
        help="指本条目录是否公开；不公开须另行提请审定。",
    ),
    Field("flows", "流程图号", Shape.FLOWS, panel="procedure"),
    Field("flow_required", "是否制图", Shape.FLAG, panel="procedure"),
    Field("flow_reason", "不制图理由", Shape.LINE, panel="procedure", help="不需制图的写明理由。"),
    Field("key_areas", "重点监督", Shape.CHOICES, _INTERNAL, "item", options=KEY_AREAS),
    Field("verdict", "清理结论", Shape.CHOICE, _INTERNAL, "item", required=True, options=VERDICTS),
    Field(
        "follow_up",
        "处理意见",
        Shape.TEXT,
        _INTERNAL,
        "item",
        help="到位的建立公开规则，不到位的限期补上，越位的立即停止。",
    ),
    Field("reference_date", "基准日", Shape.DAY, panel="basis", required=True, help="适用哪一天有效的法律和规定。"),
    Field("details", "类别专项", Shape.DETAILS, panel="details"),
)

_BY_NAME = {field.name: field for field in FIELDS}
_NAMES = frozenset(_BY_NAME)
PUBLIC_NAMES = tuple(field.name for field in FIELDS if field.audience is Audience.PUBLIC)
INTERNAL_NAMES = tuple(field.name for field in FIELDS if field.audience is not Audience.PUBLIC)


def field(name: str) -> Field:
    """Return the field of that name; raise KeyError for another."""
    return _BY_NAME[name]


def panel_fields(panel: str) -> tuple[Field, ...]:
    """Return the fields a panel holds, in the contract's order."""
    return tuple(field for field in FIELDS if field.panel == panel)


def heading_at(at: str, body: Mapping[str, Any]) -> str:
    """Return the heading of the field a problem names ("basis-0-law"), for lists of problems."""
    name, _, rest = at.partition("-")
    if name == "details" and rest:
        found = categories.category(str(body.get("category", "")))
        detail = found.detail(rest.partition("-")[0]) if found else None
        return detail.heading if detail else _BY_NAME["details"].heading
    return _BY_NAME[name].heading if name in _BY_NAME else ""


def empty_entry(category: str = "", *, section: str = "", body_name: str = "", reference_date: str = "") -> Body:
    """Return the body of a new entry: every key, nothing filled in but what is known.

    `body_name` is the bureau's full name (implementing and handling body); disclosure starts as 待定.
    """
    body = {field.name: empty_value(field) for field in FIELDS}
    found = categories.category(category)
    body.update(
        category=category,
        direction=found.direction if found else "external",
        implementing_body=body_name,
        handling_body=body_name,
        section=section,
        disclosure="pending",
        flow_required=True,
        reference_date=reference_date,
    )
    return body


def check_entry(body: object) -> list[FieldProblem]:
    """Return everything wrong with the shape, the characters and the lengths of a body; empty if it may be saved.

    What a submission needs beyond that is told by `completeness.missing`.
    """
    if not isinstance(body, dict):
        return [FieldProblem("", "内容不是一条职权，请检查文件格式。")]
    problems = []
    if body.keys() != _NAMES:
        problems += [
            FieldProblem(field.name, f"缺少“{field.heading}”一栏，请补上。")
            for field in FIELDS
            if field.name not in body
        ]
        unknown = sorted(str(key) for key in body if key not in _NAMES)
        if unknown:
            problems.append(FieldProblem("", f"有{len(unknown)}个不认识的栏目({_shown(unknown)})，请删去。"))
    for field in FIELDS:
        if field.name in body and not field.accepts(body[field.name]):
            problems += _check_field(field, body[field.name])
    if isinstance(body.get("details"), dict):
        problems += check_details(body.get("category"), body["details"])
    problems += _check_sections(body)
    problems += _check_category(body)
    return problems


def check_details(category: object, details: Mapping[str, object]) -> list[FieldProblem]:
    """Return what is wrong with a category's own fields: unknown keys are refused, absent ones are not missed."""
    found = categories.category(category) if isinstance(category, str) else None
    if found is None:
        return [FieldProblem("category", "请先选择职权类别，再填写类别专项。")] if details else []
    problems: list[FieldProblem] = []
    unknown: list[str] = []
    for name, value in details.items():
        detail = found.known.get(name)
        if detail is None:
            unknown.append(str(name))
        elif not detail.accepts(value):
            problems += check_value(detail, value, f"details-{name}")
    if unknown:
        sentence = f"“{found.name}”没有这些栏目：{_shown(sorted(unknown))}。请删去或改选类别。"
        problems.insert(0, FieldProblem("details", sentence))
    return problems


def entry_in_order(body: Mapping[str, Any]) -> Body:
    """Return a checked body with all keys in the contract's order (canonical JSON sorts them)."""
    ordered = {field.name: in_order(field, body[field.name]) for field in FIELDS}
    ordered["details"] = details_in_order(categories.category(body["category"]), body["details"])
    return ordered


def details_in_order(category: Category | None, details: Mapping[str, Any]) -> dict[str, Any]:
    """Return a category's own fields in its order, their objects too."""
    if category is None:
        return {}
    return {field.name: in_order(field, details[field.name]) for field in category.details if field.name in details}


def split_line(line: Mapping[str, Any]) -> tuple[str, Body]:
    """Take a line of catalogue.jsonl apart: the code, and the body without `record` and `code`."""
    body = {key: value for key, value in line.items() if key not in {"record", "code"}}
    return str(line.get("code") or ""), body


def catalogue_line(code: str, body: Mapping[str, Any]) -> Body:
    """Return a body as a line of catalogue.jsonl."""
    return {"record": "power", "code": code, **body}


def _check_field(field: Field, value: object) -> list[FieldProblem]:
    if field.name == "disclosure" and value == "withheld":
        return [FieldProblem("disclosure", "不公开须另行提请，经审定后才生效；此处请选“待定”。")]
    return list(check_value(field, value))


def _check_sections(body: Mapping[str, Any]) -> list[FieldProblem]:
    joint, support = body.get("joint_sections"), body.get("support_sections")
    if not isinstance(joint, list) or not isinstance(support, list):
        return []
    problems = []
    for name, others in (("joint_sections", joint), ("support_sections", support)):
        if body.get("section") and body["section"] in others:
            problems.append(
                FieldProblem(name, f"“{body['section']}”已是牵头科室，不能同时列为{_BY_NAME[name].heading}。")
            )
    twice = [section for section in joint if section in support]
    problems += [
        FieldProblem("support_sections", f"“{section}”已列为协办科室，不能同时列为配合科室。") for section in twice
    ]
    return problems


def _check_category(body: Mapping[str, Any]) -> list[FieldProblem]:
    """Refuse a category the State no longer knew on the entry's reference date (国发〔2015〕27号)."""
    found, day = categories.category(str(body.get("category"))), body.get("reference_date")
    if found is None or not isinstance(day, str) or found.is_open_on(day):
        return []
    ended = date.fromisoformat(found.ended_on)
    sentence = (
        f"“{found.name}”类别已于{ended.year}年{ended.month}月{ended.day}日取消，"
        "基准日在此之后的职权请改列行政许可、行政确认、其他行政执法等类别。"
    )
    return [FieldProblem("category", sentence)]


def _shown(names: list[str]) -> str:
    more = "等" if len(names) > 3 else ""  # noqa: PLR2004 - three names are enough to find them
    return "、".join("".join(c if c.isalnum() or c in "_-" else "?" for c in name)[:40] for name in names[:3]) + more
