"""What an entry lacks for submission, and what in it should be looked at again. Pure.

`missing` stops a submission, `warnings` never does. Sources: domain.md 3.1 (M), 9 (M4, M8-M13); practice.md, "Who sees
what": an entry is public only if its forms contain a social channel and nothing in the scope limits the entry; a
contradiction is a sentence and a person's decision.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from webapp.powers import categories
from webapp.powers.fields import FIELDS, field
from webapp.powers.shapes import Field, FieldProblem, Shape

# Words by which a form of publication reaches society, or stays inside the bureau.
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
_CATCH_ALL = re.compile(
    r"(?:其他|其它|有关|相关)(?:的)?(?:必要的?|有关|相关|应当提交的)?(?:申请)?(?:材料|资料|证明|文件)"
    r"|等(?:有关|相关)?(?:材料|资料)|(?:按|根据)(?:规定|要求|需要)(?:应当)?(?:提供|提交|需要)",
)
_BARE_NAME = re.compile(r"等$|^等|^(?:其他|其它|等等|有关)(?:事项|职权|工作)?$")
_EMPTY_WORDS = frozenset({"/", "-", "—", "——", "略", "同上", "〃", "待定", "待补", "待补充", "暂无", "见附件"})
# A charge that is named and is none.
_NO_CHARGE = re.compile(r"^(?:不收费|无|免费|不收取.*|)$")


def missing(body: Mapping[str, Any]) -> list[FieldProblem]:
    """Return the fields that a submission needs and that are empty, each as a sentence; in the contract's order."""
    problems = [
        FieldProblem(each.name, f"“{each.heading}”尚未{_verb(each.shape)}。")
        for each in FIELDS
        if each.required and is_blank(body[each.name])
    ]
    problems += [
        FieldProblem(f"details-{each.name}", f"“{each.heading}”尚未{_verb(each.shape)}。")
        for each in _required_details(body)
        if _is_blank_detail(body["details"].get(each.name))
    ]
    problems += _rows_missing(body)
    problems += _conditional(body)
    problems += _by_category(body)
    return sorted(problems, key=lambda problem: _ORDER.get(problem.field.partition("-")[0], len(FIELDS)))


def warnings(body: Mapping[str, Any], phones: Mapping[str, str] | None = None) -> list[FieldProblem]:
    """Return what a reviewer should look at: contradictions and usual mistakes, each as a sentence.

    `phones` gives the numbers behind the directory's keys, to see one number under two keys.
    """
    return [
        *_limit_warnings(body),
        *_fee_warnings(body),
        *_publication_warnings(body),
        *_contact_warnings(body, phones or {}),
        *_other_warnings(body),
    ]


def completeness(body: Mapping[str, Any]) -> tuple[int, int]:
    """Return how many of the required fields are filled in, and how many there are: for a bar, not for red fields."""
    required = [not is_blank(body[each.name]) for each in FIELDS if each.required]
    required += [not _is_blank_detail(body["details"].get(each.name)) for each in _required_details(body)]
    return sum(required), len(required)


def is_blank(value: object) -> bool:
    """Say whether nothing was filled in: empty, or only words that stand for nothing (略, 同上)."""
    if isinstance(value, str):
        return not value.strip() or value.strip() in _EMPTY_WORDS
    return value is None or value in ([], {})


def reaches_society(body: Mapping[str, Any]) -> bool:
    """Say whether a form or the scope of publication names society, and not only persons concerned or the bureau."""
    forms = any(_has(form, SOCIAL_FORMS) and not _has(form, INSIDE_FORMS) for form in body["publication_forms"])
    return forms or _has(body["publication_scope"], SOCIAL_SCOPES)


_CELLS = (
    ("basis", (("law", "依据名称"), ("kind", "依据种类"), ("role", "依据作用"))),
    ("duties", (("post", "岗位"), ("duty", "职责"))),
    ("fees", (("item", "收费项目"), ("basis", "收费依据"), ("standard", "收费标准"))),
)
_ORDER = {each.name: place for place, each in enumerate(FIELDS)}


def _required_details(body: Mapping[str, Any]) -> list[Field]:
    """Return the category's own fields that a submission needs."""
    found = categories.category(str(body["category"]))
    return [each for each in found.details if each.required] if found else []


def _is_blank_detail(value: object) -> bool:
    """Say whether nothing was filled in, nor in any part of it."""
    if isinstance(value, dict):
        return all(map(_is_blank_detail, value.values()))
    return value is False or is_blank(value)


def _verb(shape: Shape) -> str:
    return "选择" if shape in {Shape.CHOICE, Shape.CHOICES, Shape.CONTACT, Shape.SECTION, Shape.SECTIONS} else "填写"


def _rows_missing(body: Mapping[str, Any]) -> Iterator[FieldProblem]:
    for name, cells in _CELLS:
        for index, row in enumerate(body[name]):
            for cell, word in cells:
                if is_blank(row[cell]):
                    sentence = f"“{field(name).heading}”第{index + 1}行缺少{word}。"
                    yield FieldProblem(f"{name}-{index}-{cell}", sentence)
    for name in ("statutory_limit", "promised_limit"):
        if body[name] is not None and body[name]["n"] and is_blank(body[name]["start"]):
            yield FieldProblem(f"{name}-start", f"“{field(name).heading}”缺少起算点，如“受理之日”。")


def _conditional(body: Mapping[str, Any]) -> Iterator[FieldProblem]:
    if body["disclosure"] != "pending" and is_blank(body["publication_content"]):
        yield FieldProblem("publication_content", "“公开内容”尚未填写。")
    if body["flow_required"] and not body["flows"]:
        yield FieldProblem("flows", "本职权应制图，尚未选择流程图。不需制图的，请改选并写明理由。")
    if not body["flow_required"] and is_blank(body["flow_reason"]):
        yield FieldProblem("flow_reason", "不需制图的，应写明理由。")
    if body["verdict"] in {"missing", "overreach"} and is_blank(body["follow_up"]):
        yield FieldProblem("follow_up", "职责不到位或者越位的，应写明处理意见。")
    if _BARE_NAME.search(body["name"].strip()):
        yield FieldProblem("name", "“项目名称”过于笼统，请写明具体事项。")


def _by_category(body: Mapping[str, Any]) -> Iterator[FieldProblem]:
    """Tell what the category needs of the fields that every entry has."""
    if body["category"] == "fee" and not body["fees"]:
        yield FieldProblem("fees", "收费职权应列明收费依据和标准。")
    if body["category"] == "penalty" and all(row["role"] != "sanction" for row in body["basis"]):
        yield FieldProblem("basis", "行政处罚应列明处罚依据条款，依据作用选“罚则”。")
    if body["category"] == "licence":
        for name in ("statutory_limit", "promised_limit"):
            if body[name] is None:
                yield FieldProblem(f"{name}-n", f"行政许可应写明“{field(name).heading}”。")


def _limit_warnings(body: Mapping[str, Any]) -> Iterator[FieldProblem]:
    statutory, promised = body["statutory_limit"], body["promised_limit"]
    if statutory is None or promised is None:
        return
    if statutory["unit"] == promised["unit"]:
        if promised["n"] > statutory["n"]:
            yield FieldProblem("promised_limit-n", "承诺时限长于法定时限，请核对。")
    elif promised["n"]:
        yield FieldProblem("promised_limit-unit", "承诺时限与法定时限的单位不同，无法直接比较，请核对。")
    if statutory["start"] and promised["start"] and statutory["start"] != promised["start"]:
        yield FieldProblem("promised_limit-start", "承诺时限与法定时限的起算点不同，请核对。")


def _fee_warnings(body: Mapping[str, Any]) -> Iterator[FieldProblem]:
    if body["category"] != "licence":
        return
    if body["fees"]:
        yield FieldProblem("fees", "行政许可一般不得收费(行政许可法第58条)，请核对收费有无法律、行政法规依据。")
    charge = body["details"].get("charge", "")
    if not _NO_CHARGE.match(charge):
        yield FieldProblem("details-charge", "行政许可一般不得收费(行政许可法第58条)，请核对“收费”一栏。")


def _publication_warnings(body: Mapping[str, Any]) -> Iterator[FieldProblem]:
    scope, forms = body["publication_scope"], body["publication_forms"]
    refused = any(_has(form, NOT_PUBLISHED) for form in forms)
    if body["disclosure"] == "public":
        if forms and not any(_has(form, SOCIAL_FORMS) and not _has(form, INSIDE_FORMS) for form in forms):
            yield FieldProblem("publication_forms", "目录公开属性为社会公开，公开形式中却没有面向社会的渠道，请核对。")
        if _has(scope, INSIDE_SCOPES) and not _has(scope, SOCIAL_SCOPES):
            yield FieldProblem("publication_scope", "目录公开属性为社会公开，公开范围却只限内部，请核对。")
    if body["disclosure"] == "bureau" and reaches_society(body):
        yield FieldProblem("publication_forms", "目录公开属性为机关内部公开，公开形式或范围却面向社会，请核对。")
    if refused and body["disclosure"] != "pending":
        yield FieldProblem("publication_forms", "公开形式写了“不公开”；不公开须另行提请审定，目录公开属性应为待定。")
    if refused and len(forms) > 1:
        yield FieldProblem("publication_forms", "公开形式中既有“不公开”又有其他形式，请核对。")
    social = not _has(scope, INSIDE_SCOPES)
    if body["direction"] == "external" and social and forms and all(_has(form, INSIDE_FORMS) for form in forms):
        yield FieldProblem("publication_scope", "公开形式只在机关内部，公开范围却不限于内部，请核对。")
    if body["direction"] == "external" and body["disclosure"] == "bureau":
        yield FieldProblem("disclosure", "对外职权一般应向社会公开；只在机关内部公开的应有理由。")


def _contact_warnings(body: Mapping[str, Any], phones: Mapping[str, str]) -> Iterator[FieldProblem]:
    asked, watched = body["contact"], body["supervision_contact"]
    if asked and watched and phones.get(asked, asked) == phones.get(watched, watched):
        yield FieldProblem("supervision_contact", "监督电话与咨询电话相同，应当另设监督电话。")


def _other_warnings(body: Mapping[str, Any]) -> Iterator[FieldProblem]:
    for index, row in enumerate(body["details"].get("materials", [])):
        name = row if isinstance(row, str) else row["name"]
        if _CATCH_ALL.search(unicodedata.normalize("NFKC", name)):
            yield FieldProblem(f"details-materials-{index}", f"申请材料第{index + 1}项是兜底条款，请列明具体材料名称。")
    found = categories.category(body["category"])
    if found and found.key != "other" and found.direction != body["direction"]:
        word = "对外" if body["direction"] == "external" else "对内"
        yield FieldProblem("direction", f"“{found.name}”一般不是{word}职权，请核对。")
    if body["category"] == "other_approval" and body["reference_date"] >= "2015-05-14":
        yield FieldProblem("category", "非行政许可审批类别已于2015年取消，请改列其他类别并说明理由。")
    if body["category"] == "penalty" and is_blank(body["details"].get("discretion_factors", "")):
        yield FieldProblem("details-discretion_factors", "行政处罚应写明裁量因素。")
    if body["category"] == "compulsion" and is_blank(body["details"].get("remedies", "")):
        yield FieldProblem("details-remedies", "行政强制应写明救济途径。")
    if body["verdict"] == "overreach":
        yield FieldProblem("verdict", "职责越位的应立即停止行使，不等审核。")


def _has(text: str, words: tuple[str, ...]) -> bool:
    return any(word in text for word in words)
