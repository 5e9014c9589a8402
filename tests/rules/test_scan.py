"""Secrecy markings and personal numbers in text."""

import json
from pathlib import Path

import pytest

from webapp import scan

SAMPLE = Path("webapp/sample/data")


def with_check_digit(first_17: str) -> str:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return first_17 + "10X98765432"[sum(int(d) * w for d, w in zip(first_17, weights, strict=True)) % 11]


ID = with_check_digit("32048219800101123")


@pytest.mark.parametrize(
    "text",
    [
        "秘密★3年",
        "秘密★",
        "机密\uff0a★20年",
        "秘密\n★ 长期",
        "★\uff12\uff10年",
        "这份机 密文件",
        "机密",
        "绝密",
        "绝\u200b密",
        "密级:秘密",
        "密级\uff1a机密",
        "【秘密】",
        "\uff3b秘密\uff3d",
        "秘密:三年",
        "标题\n秘密\n正文",
        "内部资料",
        "内 部 资 料",
        "内部文件\uff0c注意保存",
    ],
)
def test_a_secrecy_marking_is_found_in_text_and_in_json(text: str) -> None:
    assert scan.find_secrecy(text)
    assert scan.find_secrecy(json.dumps({"rules": text}, ensure_ascii=False))
    sentence = scan.secrecy_sentence(text)
    assert sentence == "本系统为非涉密系统，所填内容含密级标志，未予保存，请联系局办公室保密员。"


@pytest.mark.parametrize(
    "text",
    [
        "保守国家秘密法",
        "国家秘密",
        "涉及国家秘密的除外",
        "商业秘密、技术秘密审查",
        "工作秘密",
        "保密审查",
        "涉密文件资料收发、保管和销毁",
        "内部文件资料管理",
        "一次性内部资料性出版物准印证核发",
        "内部公开栏",
        "五星★级",
        "机密性",
        "密码",
    ],
)
def test_words_about_secrecy_are_no_markings(text: str) -> None:
    assert scan.find_secrecy(text) == []
    assert scan.secrecy_sentence(json.dumps({"reason": text}, ensure_ascii=False)) is None


@pytest.mark.parametrize("name", ["catalogue.jsonl", "flows.json", "checklists.json", "laws.json"])
def test_the_sample_holds_no_marking_and_no_personal_number(name: str) -> None:
    assert scan.find_all((SAMPLE / name).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (ID, scan.ID_NUMBER),
        (f"身份证:{ID[:6]} {ID[6:14]} {ID[14:]}。", scan.ID_NUMBER),
        ("".join(chr(0xFF10 + int(d)) if d.isdigit() else "\uff38" for d in ID), scan.ID_NUMBER),
        ("13812345678", scan.MOBILE),
        ("手机138 1234 5678", scan.MOBILE),
        ("138-1234-5678", scan.MOBILE),
        ("+8613812345678", scan.MOBILE),
        ("\uff11\uff13\uff18\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18", scan.MOBILE),
        ("6222021001116245702", scan.BANK_CARD),
        ("4111 1111 1111 1111", scan.BANK_CARD),
    ],
)
def test_personal_numbers_are_found_where_they_stand(text: str, kind: str) -> None:
    hits = scan.find_personal(f"前文,{text},后文")
    assert [hit.kind for hit in hits] == [kind]
    assert f"前文,{text},后文"[hits[0].start : hits[0].end].strip("+。") in text


@pytest.mark.parametrize(
    "text",
    [
        ID[:-1] + ("0" if ID[-1] != "0" else "1"),  # wrong check digit
        "0519-80000101",
        "12369",
        "014139054/2008-00015",
        "12813812345678",
        "1234567890123456",
        "0000000000000000",
        "99999.00",
        "2008070120080702",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert scan.find_personal(text) == []


def test_the_sentence_names_the_kind_and_not_the_number() -> None:
    sentence = scan.personal_sentence(f"{ID} 和 13812345678")
    assert sentence == "拟公开的内容含有居民身份证号码、手机号码，不能公开。请删去，或改为岗位和办公电话。"
    assert scan.personal_sentence("局办公室 0519-80000101") is None
