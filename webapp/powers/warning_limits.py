"""Warnings about limits, fees and what a law lays down in figures, each in the days of that law. Pure.

Source: domain.md 9 (M4, M11, M13, M22) with the articles named at each rule.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from webapp.powers.completeness import is_blank
from webapp.powers.warning import Entry, Example, Rule, Severity

LICENCE_LAW = "2004-07-01"  # 行政许可法 in force
PENALTY_LAW = "2021-07-15"  # 行政处罚法(2021年修订) in force
_CATCH_ALL = re.compile(
    r"(?:其他|其它|有关|相关)(?:的)?(?:必要的?|有关|相关|应当提交的)?(?:申请)?(?:材料|资料|证明|文件)"
    r"|等(?:有关|相关)?(?:材料|资料)|(?:按|根据)(?:规定|要求|需要)(?:应当)?(?:提供|提交|需要)",
)
# A charge that is named and is none.
_NO_CHARGE = re.compile(r"^(?:不收费|无|免费|不收取.*|)$")
_OLD_SIMPLE = re.compile(r"(?<!\d)(?:50|五十)元|(?<!\d)1,?000元|一千元")
_THREE_DAYS = re.compile(r"(?<![\d十])[3三]个?(?:工作)?日")
_FIVE_DAYS = re.compile(r"(?<![\d十])[5五]个?(?:工作)?日")
_SUE_15 = re.compile(r"(?:诉讼|起诉)[^；;。，]{0,12}(?:15|十五)日|(?:15|十五)日内?[^；;。，]{0,12}(?:起诉|诉讼)")
_REVIEW_15 = re.compile(r"复议[^；;。，]{0,8}(?:15|十五)日|(?:15|十五)日内?[^；;。，]{0,6}复议")


def _limit(n: int, unit: str = "working_day", start: str = "受理之日") -> dict[str, Any]:
    return {"n": n, "unit": unit, "start": start}


def _both(entry: Entry) -> tuple[Any, Any]:
    return entry["statutory_limit"], entry["promised_limit"]


def _longer(entry: Entry) -> Iterator[tuple[str, str]]:
    statutory, promised = _both(entry)
    if statutory and promised and statutory["unit"] == promised["unit"] and promised["n"] > statutory["n"]:
        yield "promised_limit-n", "承诺时限长于法定时限，请核对。"


def _units(entry: Entry) -> Iterator[tuple[str, str]]:
    statutory, promised = _both(entry)
    if statutory and promised and promised["n"] and statutory["unit"] != promised["unit"]:
        yield "promised_limit-unit", "承诺时限与法定时限的单位不同，无法直接比较，请核对。"


def _starts(entry: Entry) -> Iterator[tuple[str, str]]:
    statutory, promised = _both(entry)
    if statutory and promised and statutory["start"] and promised["start"] and statutory["start"] != promised["start"]:
        yield "promised_limit-start", "承诺时限与法定时限的起算点不同，请核对。"


def _fees(entry: Entry) -> Iterator[tuple[str, str]]:
    if entry["fees"]:
        yield "fees", "行政许可一般不得收费(行政许可法第58条)，请核对收费有无法律、行政法规依据。"


def _charge(entry: Entry) -> Iterator[tuple[str, str]]:
    if not _NO_CHARGE.match(entry.detail("charge") or ""):
        yield "details-charge", "行政许可一般不得收费(行政许可法第58条)，请核对“收费”一栏。"


def _catch_all(entry: Entry) -> Iterator[tuple[str, str]]:
    for index, row in enumerate(entry.detail("materials") or []):
        name = row if isinstance(row, str) else row["name"]
        if _CATCH_ALL.search(unicodedata.normalize("NFKC", name)):
            yield f"details-materials-{index}", f"申请材料第{index + 1}项是兜底条款，请列明具体材料名称。"


def _long_decision(entry: Entry) -> Iterator[tuple[str, str]]:
    limit = entry["statutory_limit"]
    if limit and limit["unit"] == "working_day" and limit["n"] > 20:  # noqa: PLR2004 - the law's figure
        yield "statutory_limit-n", "行政许可一般应在二十日内决定(行政许可法第42条)，更长的请核对有无法律、法规规定。"


def _late_acceptance(entry: Entry) -> Iterator[tuple[str, str]]:
    limit = (entry.detail("acceptance") or {}).get("limit")
    if limit and limit["unit"] == "working_day" and limit["n"] > 5:  # noqa: PLR2004 - as above
        yield "details-acceptance-limit-n", "补正材料应当场或者在五日内一次告知(行政许可法第32条)，请核对受理时限。"


def _late_delivery(entry: Entry) -> Iterator[tuple[str, str]]:
    limit = entry.detail("delivery_limit")
    if limit and limit["unit"] == "working_day" and limit["n"] > 10:  # noqa: PLR2004 - as above
        yield "details-delivery_limit-n", "许可证件应自决定之日起十日内送达(行政许可法第44条)，请核对送达时限。"


def _ninety_days(entry: Entry) -> Iterator[tuple[str, str]]:
    limit = entry["statutory_limit"]
    if limit and limit["unit"] == "day" and limit["n"] > 90:  # noqa: PLR2004 - as above
        yield "statutory_limit-n", "行政处罚应自立案之日起九十日内决定(行政处罚法第60条)，另有规定的请核对。"


def _old_simple(entry: Entry) -> Iterator[tuple[str, str]]:
    texts = {"rules": entry["rules"], "conditions": entry["conditions"], "details-range": entry.detail("range") or ""}
    for name, text in texts.items():
        if ("当场" in text or "简易" in text) and _OLD_SIMPLE.search(text):
            yield name, "当场处罚的数额已改为公民200元、单位3000元以下(行政处罚法第51条)，请改写。"


def _hearing_three(entry: Entry) -> Iterator[tuple[str, str]]:
    if _THREE_DAYS.search((entry.detail("hearing") or {}).get("when", "")):
        yield "details-hearing-when", "要求听证的期限已改为告知后五日内(行政处罚法第64条)，请改写。"


def _hearing_five(entry: Entry) -> Iterator[tuple[str, str]]:
    if _FIVE_DAYS.search((entry.detail("hearing") or {}).get("when", "")):
        yield "details-hearing-when", "当时要求听证的期限为告知后三日内(行政处罚法第42条)，请核对。"


def _sue(entry: Entry) -> Iterator[tuple[str, str]]:
    if _SUE_15.search(entry["counterpart_rights"]):
        yield "counterpart_rights", "提起行政诉讼的期限一般为六个月(行政诉讼法第46条)，写十五日的请核对。"


def _review(entry: Entry) -> Iterator[tuple[str, str]]:
    if _REVIEW_15.search(entry["counterpart_rights"]):
        yield "counterpart_rights", "申请行政复议的期限不少于六十日(行政复议法)，写十五日的请核对。"


def _pollution_fee(entry: Entry) -> Iterator[tuple[str, str]]:
    if "排污费" in entry["name"] or "排污费" in (entry.detail("levy_item") or ""):
        yield "name", "排污费自2018年1月1日起不再征收(环境保护税法第27条)，请停止或者改列。"


def _discretion(entry: Entry) -> Iterator[tuple[str, str]]:
    if is_blank(entry.detail("discretion_factors")) and not entry.detail("discretion"):
        yield "details-discretion_factors", "行政处罚应写明裁量因素或者裁量基准。"


def _remedies(entry: Entry) -> Iterator[tuple[str, str]]:
    if is_blank(entry.detail("remedies")):
        yield "details-remedies", "行政强制应写明救济途径。"


def _demand(entry: Entry) -> Iterator[tuple[str, str]]:
    if "法院" in (entry.detail("measure_kind") or "") and is_blank(entry.detail("demand")):
        yield "details-demand", "申请法院强制执行前应当催告(行政强制法第54条)，请写明催告。"


_MATERIAL = {"form": "原件", "copies": 1, "source": "申请人", "required": True, "note": ""}
_ACCEPTING = {"place": "窗口", "mode": "窗口递交"}
_REASON, _ADVICE = Severity.REASON, Severity.ADVICE


def _details(**values: object) -> dict[str, Any]:
    return {"details": values}


RULES = (
    Rule(
        "W01", "承诺时限长于法定时限", _REASON, "职权目录填报要求：承诺不长于法定",
        _longer,
        Example("法定20个工作日，承诺30个工作日", {"statutory_limit": _limit(20), "promised_limit": _limit(30)}),
        Example("法定20个工作日，承诺15个工作日", {"statutory_limit": _limit(20), "promised_limit": _limit(15)}),
    ),
    Rule(
        "W02", "两个时限单位不同", _REASON, "职权目录填报要求：承诺与法定可以比较",
        _units,
        Example("法定20个工作日，承诺15日", {"statutory_limit": _limit(20), "promised_limit": _limit(15, "day")}),
        Example("都用工作日", {"statutory_limit": _limit(20), "promised_limit": _limit(15)}),
    ),
    Rule(
        "W03", "两个时限起算点不同", _ADVICE, "职权目录填报要求：起算点相同",
        _starts,
        Example(
            "法定自受理之日起，承诺自收件之日起",
            {"statutory_limit": _limit(20), "promised_limit": _limit(15, start="收件之日")},
        ),
        Example("都自受理之日起", {"statutory_limit": _limit(20), "promised_limit": _limit(15)}),
    ),
    Rule(
        "W04", "行政许可列有收费", _REASON, "行政许可法第58条",
        _fees,
        Example("许可列了一项收费", {"fees": [{"item": "工本费", "basis": "某文", "standard": "50元"}]}),
        Example("收费依据和标准留空，即不收费", {"fees": []}),
        category="licence", since=LICENCE_LAW,
    ),
    Rule(
        "W05", "行政许可“收费”一栏写有收费", _REASON, "行政许可法第58条",
        _charge,
        Example("每件50元", _details(charge="每件50元")),
        Example("不收费", _details(charge="不收费")),
        category="licence", since=LICENCE_LAW,
    ),
    Rule(
        "W06", "申请材料有兜底条款", _REASON, "行政许可法第30条：公示需要提交的全部材料的目录",
        _catch_all,
        Example("法律法规规定的其他材料", _details(materials=[{"name": "法律法规规定的其他材料", **_MATERIAL}])),
        Example("施工噪声防治方案", _details(materials=[{"name": "施工噪声防治方案", **_MATERIAL}])),
        category="licence", since=LICENCE_LAW,
    ),
    Rule(
        "W07", "许可决定时限长于二十日", _ADVICE, "行政许可法第42条",
        _long_decision,
        Example("法定时限30个工作日", {"statutory_limit": _limit(30)}),
        Example("法定时限20个工作日", {"statutory_limit": _limit(20)}),
        category="licence", since=LICENCE_LAW,
    ),
    Rule(
        "W08", "受理时限长于五日", _REASON, "行政许可法第32条",
        _late_acceptance,
        Example("受理时限7个工作日", _details(acceptance={**_ACCEPTING, "limit": _limit(7)})),
        Example("受理时限5个工作日", _details(acceptance={**_ACCEPTING, "limit": _limit(5)})),
        category="licence", since=LICENCE_LAW,
    ),
    Rule(
        "W09", "许可证件送达长于十日", _REASON, "行政许可法第44条",
        _late_delivery,
        Example("送达时限15个工作日", _details(delivery_limit=_limit(15))),
        Example("送达时限10个工作日", _details(delivery_limit=_limit(10))),
        category="licence", since=LICENCE_LAW,
    ),
    Rule(
        "W10", "处罚决定时限长于九十日", _ADVICE, "行政处罚法(2021年修订)第60条",
        _ninety_days,
        Example("法定时限120日", {"statutory_limit": _limit(120, "day"), "reference_date": "2022-01-01"}),
        Example("法定时限90日", {"statutory_limit": _limit(90, "day"), "reference_date": "2022-01-01"}),
        category="penalty", since=PENALTY_LAW,
    ),
    Rule(
        "W11", "当场处罚仍写旧数额", _REASON, "行政处罚法(2021年修订)第51条",
        _old_simple,
        Example("公民50元以下当场处罚", {"rules": "50元以下可以当场处罚", "reference_date": "2022-01-01"}),
        Example("公民200元以下当场处罚", {"rules": "200元以下可以当场处罚", "reference_date": "2022-01-01"}),
        category="penalty", since=PENALTY_LAW,
    ),
    Rule(
        "W12", "听证期限仍写三日", _REASON, "行政处罚法(2021年修订)第64条",
        _hearing_three,
        Example(
            "告知后3日内提出",
            {"reference_date": "2022-01-01", **_details(hearing={"available": True, "when": "告知后3日内提出"})},
        ),
        Example(
            "告知后5日内提出",
            {"reference_date": "2022-01-01", **_details(hearing={"available": True, "when": "告知后5日内提出"})},
        ),
        category="penalty", since=PENALTY_LAW,
    ),
    Rule(
        "W13", "听证期限写成五日", _ADVICE, "行政处罚法(1996年)第42条",
        _hearing_five,
        Example(
            "2008年的目录写告知后5日内提出",
            {"reference_date": "2008-07-01", **_details(hearing={"available": True, "when": "告知后5日内提出"})},
        ),
        Example(
            "2008年的目录写告知后3日内提出",
            {"reference_date": "2008-07-01", **_details(hearing={"available": True, "when": "告知后3日内提出"})},
        ),
        category="penalty", since="1996-10-01", until=PENALTY_LAW,
    ),
    Rule(
        "W14", "诉讼期限写十五日", _REASON, "行政诉讼法(2014年修正)第46条",
        _sue,
        Example("行政诉讼(15日)", {"counterpart_rights": "行政诉讼(15日)", "reference_date": "2026-01-01"}),
        Example("行政诉讼(六个月)", {"counterpart_rights": "行政诉讼(六个月)", "reference_date": "2026-01-01"}),
        since="2015-05-01",
    ),
    Rule(
        "W15", "复议期限写十五日", _REASON, "行政复议法(1999年)第9条",
        _review,
        Example("行政复议(15日)", {"counterpart_rights": "行政复议(15日)"}),
        Example("行政复议(60日)", {"counterpart_rights": "行政复议(60日)"}),
        since="1999-10-01",
    ),
    Rule(
        "W16", "排污费仍列为征收", _REASON, "环境保护税法第27条",
        _pollution_fee,
        Example("2018年以后仍列排污费征收", {"name": "排污费征收", "reference_date": "2019-01-01"}),
        Example("2008年的排污费征收", {"name": "排污费征收", "reference_date": "2008-07-01"}),
        category="levy", since="2018-01-01",
    ),
    Rule(
        "W17", "处罚没有裁量因素或基准", _REASON, "行政处罚法第4条、第34条；坛环法〔2008〕第1号(行政权力的规则)",
        _discretion,
        Example("裁量因素和裁量基准都空着", _details()),
        Example("写明超标倍数、是否初次", _details(discretion_factors="超标倍数、是否初次")),
        category="penalty",
    ),
    Rule(
        "W18", "强制没有救济途径", _REASON, "坛环法〔2008〕第1号(相对人的权利)",
        _remedies,
        Example("救济途径空着", _details()),
        Example("写明复议和诉讼", _details(remedies="行政复议、行政诉讼")),
        category="compulsion",
    ),
    Rule(
        "W19", "申请法院执行没有催告", _REASON, "行政强制法第54条",
        _demand,
        Example(
            "申请人民法院强制执行，没有写催告",
            {"reference_date": "2013-01-01", **_details(measure_kind="申请人民法院强制执行")},
        ),
        Example(
            "写明催告",
            {"reference_date": "2013-01-01", **_details(measure_kind="申请人民法院强制执行", demand="催告十日后申请")},
        ),
        category="compulsion", since="2012-01-01",
    ),
)  # fmt: skip
