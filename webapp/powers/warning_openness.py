"""Warnings about names, sections, publication and telephones. Pure.

Source: domain.md 9 (M1, M8, M9, M10, M12, M14, M15); practice.md, "Who sees what": an entry is public only if its
forms contain a social channel and nothing in the scope limits the entry; a contradiction is a person's decision.
"""

from collections.abc import Iterator

from webapp import scan
from webapp.powers import categories
from webapp.powers.completeness import is_blank
from webapp.powers.fields import PUBLIC_NAMES, field
from webapp.powers.openness import (
    INSIDE_FORMS,
    INSIDE_SCOPES,
    NOT_PUBLISHED,
    SOCIAL_FORMS,
    SOCIAL_SCOPES,
    has,
    reaches_society,
)
from webapp.powers.warning import Entry, Example, Rule, Severity
from webapp.powers.wording import text_of

_EVERYBODY = ("单位和个人", "公民、法人", "任何单位", "社会公众", "全体", "所有单位")
_PLAN = "坛环法〔2008〕第1号(公开范围应与职权行使涉及范围相一致)"


def _is_refused(entry: Entry) -> bool:
    return any(has(form, NOT_PUBLISHED) for form in entry["publication_forms"])


def _no_channel(entry: Entry) -> Iterator[tuple[str, str]]:
    forms = entry["publication_forms"]
    is_social = any(has(form, SOCIAL_FORMS) and not has(form, INSIDE_FORMS) for form in forms)
    if entry["disclosure"] == "public" and forms and not is_social:
        yield "publication_forms", "目录公开属性为社会公开，公开形式中却没有面向社会的渠道，请核对。"


def _inside_scope(entry: Entry) -> Iterator[tuple[str, str]]:
    scope = entry["publication_scope"]
    if entry["disclosure"] == "public" and has(scope, INSIDE_SCOPES) and not has(scope, SOCIAL_SCOPES):
        yield "publication_scope", "目录公开属性为社会公开，公开范围却只限内部，请核对。"


def _outside_forms(entry: Entry) -> Iterator[tuple[str, str]]:
    if entry["disclosure"] == "bureau" and reaches_society(entry.body):
        yield "publication_forms", "目录公开属性为机关内部公开，公开形式或范围却面向社会，请核对。"


def _refused(entry: Entry) -> Iterator[tuple[str, str]]:
    if _is_refused(entry) and entry["disclosure"] != "pending":
        yield "publication_forms", "公开形式写了“不公开”；不公开须另行提请审定，目录公开属性应为待定。"


def _mixed(entry: Entry) -> Iterator[tuple[str, str]]:
    if _is_refused(entry) and len(entry["publication_forms"]) > 1:
        yield "publication_forms", "公开形式中既有“不公开”又有其他形式，请核对。"


def _narrow_forms(entry: Entry) -> Iterator[tuple[str, str]]:
    forms, scope = entry["publication_forms"], entry["publication_scope"]
    is_wide = not has(scope, INSIDE_SCOPES)
    if entry["direction"] == "external" and is_wide and forms and all(has(form, INSIDE_FORMS) for form in forms):
        yield "publication_scope", "公开形式只在机关内部，公开范围却不限于内部，请核对。"


def _bureau_only(entry: Entry) -> Iterator[tuple[str, str]]:
    if entry["direction"] == "external" and entry["disclosure"] == "bureau":
        yield "disclosure", "对外职权一般应向社会公开；只在机关内部公开的应有理由。"


def _narrower(entry: Entry) -> Iterator[tuple[str, str]]:
    scope = entry["publication_scope"]
    if (
        entry["direction"] == "external"
        and entry["disclosure"] != "pending"
        and has(entry["exercise_scope"], _EVERYBODY)
        and not is_blank(scope)
        and not has(scope, (*SOCIAL_SCOPES, "社会"))
    ):
        yield "publication_scope", "公开范围比行使范围窄，请放宽；不能放宽的写明理由。"


def _one_phone(entry: Entry) -> Iterator[tuple[str, str]]:
    asked, watched = entry["contact"], entry["supervision_contact"]
    if asked and watched and entry.phones.get(asked, asked) == entry.phones.get(watched, watched):
        yield "supervision_contact", "监督电话与咨询电话相同，应当另设监督电话。"


def _direction(entry: Entry) -> Iterator[tuple[str, str]]:
    found = categories.category(entry["category"])
    if found and found.key != "other" and found.direction != entry["direction"]:
        word = "对外" if entry["direction"] == "external" else "对内"
        yield "direction", f"“{found.name}”一般不是{word}职权，请核对。"


def _ended(entry: Entry) -> Iterator[tuple[str, str]]:
    found = categories.category(entry["category"])
    if found and not found.is_open_on(entry["reference_date"]):
        yield "category", f"“{found.name}”类别已于{found.ended_on[:4]}年取消，请改列其他类别并说明理由。"


def _near(entry: Entry) -> Iterator[tuple[str, str]]:
    if entry.near:
        names = "、".join(f"“{name}”" for name in entry.near[:3])
        yield "name", f"已有名称相近的职权：{names}。请核对是否重复。"


def _no_article(entry: Entry) -> Iterator[tuple[str, str]]:
    for index, row in enumerate(entry["basis"]):
        if row["kind"] in {"law", "regulation"} and row["law"] and not row["article"]:
            yield f"basis-{index}-article", f"“行使依据”第{index + 1}行没有写条款，请核对。"


def _personal(entry: Entry) -> Iterator[tuple[str, str]]:
    for name in PUBLIC_NAMES:
        if name != "details" and scan.find_personal(text_of(field(name), entry[name])):
            yield name, f"“{field(name).heading}”中疑有身份证号、手机号或银行卡号，公开前请删去或改为办公电话。"


def _overreach(entry: Entry) -> Iterator[tuple[str, str]]:
    if entry["verdict"] == "overreach":
        yield "verdict", "职责越位的应立即停止行使，不等审核。"


_REASON, _ADVICE = Severity.REASON, Severity.ADVICE
_OPEN = {"disclosure": "public", "publication_forms": ["政府门户网站"], "publication_scope": "社会公开"}
_ROW = {"kind": "law", "law": "水污染防治法", "edition": "2008年修订", "role": "sanction"}
RULES = (
    Rule(
        "W31", "社会公开而没有社会渠道", _REASON, _PLAN, _no_channel,
        Example("只在局务会通报", {**_OPEN, "publication_forms": ["局务会通报"]}),
        Example("政府门户网站", _OPEN),
    ),
    Rule(
        "W32", "社会公开而范围只限内部", _REASON, _PLAN, _inside_scope,
        Example("公开范围：本局干部职工", {**_OPEN, "publication_scope": "本局干部职工"}),
        Example("公开范围：社会公开", _OPEN),
    ),
    Rule(
        "W33", "内部公开而形式面向社会", _REASON, _PLAN, _outside_forms,
        Example("机关内部公开，却上门户网站", {**_OPEN, "disclosure": "bureau"}),
        Example(
            "机关内部公开，内部公开栏",
            {"disclosure": "bureau", "publication_forms": ["内部公开栏"], "publication_scope": "本局干部职工"},
        ),
    ),
    Rule(
        "W34", "公开形式写“不公开”", _REASON, "坛环法〔2008〕第1号(审核备案制度)", _refused,
        Example("写“不公开”，属性却是社会公开", {**_OPEN, "publication_forms": ["不公开"]}),
        Example("属性为待定，另行提请不公开", {**_OPEN, "publication_forms": ["不公开"], "disclosure": "pending"}),
    ),
    Rule(
        "W35", "“不公开”与其他形式并列", _ADVICE, "坛环法〔2008〕第1号(审核备案制度)", _mixed,
        Example("不公开、政府门户网站", {**_OPEN, "publication_forms": ["不公开", "政府门户网站"]}),
        Example("只有政府门户网站", _OPEN),
    ),
    Rule(
        "W36", "形式只在内部而范围不限内部", _REASON, _PLAN, _narrow_forms,
        Example("局务会通报，范围社会公开", {**_OPEN, "direction": "external", "publication_forms": ["局务会通报"]}),
        Example("政府门户网站，范围社会公开", {**_OPEN, "direction": "external"}),
    ),
    Rule(
        "W37", "对外职权只在内部公开", _REASON, _PLAN, _bureau_only,
        Example("对外职权，机关内部公开", {**_OPEN, "direction": "external", "disclosure": "bureau"}),
        Example("对外职权，社会公开", {**_OPEN, "direction": "external"}),
    ),
    Rule(
        "W38", "公开范围比行使范围窄", _REASON, _PLAN, _narrower,
        Example(
            "对任何单位和个人行使，只向举报人公开",
            {**_OPEN, "direction": "external", "exercise_scope": "任何单位和个人", "publication_scope": "举报人"},
        ),
        Example(
            "对任何单位和个人行使，社会公开",
            {**_OPEN, "direction": "external", "exercise_scope": "任何单位和个人"},
        ),
    ),
    Rule(
        "W39", "监督电话与咨询电话相同", _REASON, "坛环法〔2008〕第1号(投诉举报途径和方式)", _one_phone,
        Example("两栏选了同一个电话", {"contact": "window", "supervision_contact": "window"}),
        Example("监督电话另设", {"contact": "window", "supervision_contact": "watch"}),
    ),
    Rule(
        "W40", "对内、对外与类别不合", _ADVICE, "坛环法〔2008〕第1号四(一)", _direction,
        Example("行政处罚列为对内", {"category": "penalty", "direction": "internal"}),
        Example("行政处罚列为对外", {"category": "penalty", "direction": "external"}),
    ),
    Rule(
        "W41", "类别已经取消", _REASON, "国发〔2015〕27号", _ended,
        Example("2016年的非行政许可审批", {"category": "other_approval", "reference_date": "2016-01-01"}),
        Example("2008年的非行政许可审批", {"category": "other_approval", "reference_date": "2008-07-01"}),
        since="2015-05-14",
    ),
    Rule(
        "W42", "名称与其他职权相近", _ADVICE, "职权目录填报要求：一项职权只登记一次", _near,
        Example("本局已有“夜间建筑施工噪声许可”", {"name": "夜间建筑施工的噪声许可"}),
        Example("没有相近的名称", {"name": "排污许可证核发"}),
    ),
    Rule(
        "W43", "法律、行政法规没有写条款", _ADVICE, "职权目录填报要求：依据写到条", _no_article,
        Example("《水污染防治法》", {"basis": [{**_ROW, "article": ""}]}),
        Example("《水污染防治法》第70条", {"basis": [{**_ROW, "article": "第70条"}]}),
    ),
    Rule(
        "W44", "拟公开的栏目含个人信息", _REASON, "政府信息公开条例；个人信息保护", _personal,
        Example("投诉途径写了手机号码", {"complaint_channel": "请打13800138000"}),
        Example("投诉途径写办公电话", {"complaint_channel": "请打0519-80000109"}),
    ),
    Rule(
        "W45", "职责越位", _ADVICE, "坛环法〔2008〕第1号(越位的立即停止)", _overreach,
        Example("清理结论为职责越位，仍在填报", {"verdict": "overreach"}),
        Example("清理结论为职责到位", {"verdict": "in_place"}),
    ),
)  # fmt: skip
