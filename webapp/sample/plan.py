"""Where each item of the sample bureau stands on 2008-07-08, as data. What is not named stands before the group.

The story follows the plan (坛环法〔2008〕第1号): sections bring in their items from 23 to 30 June, chiefs review until
3 July, the leading group's office until 8 July. Beside it a few items were sent ahead (先行报审): the city had asked
for the levies and the water sources first, so there is work at every level up to the city.
"""

from dataclasses import dataclass

PREFIX = "JTHB-"


def _powers(codes: str) -> frozenset[str]:
    return frozenset(f"{PREFIX}{code}" for code in codes.split())


def _charts(codes: str) -> frozenset[str]:
    return frozenset(f"LC-{code}" for code in codes.split())


# Not yet handed in: late items of three sections.
DRAFTS = _powers("XK-012 XK-013 QR-003 ZF-012 CJ-001 CW-004 RS-005 BG-001") | _charts(
    "XK-012 XK-013 QR-003 ZF-012 ZF-012N CJ-001",
)
# Before their chiefs.
IN_SECTION = _powers("XK-008 XK-009 XK-010 ZF-009 ZF-010 QZ-005 ZS-003 ZS-004 ZS-005 CF-062 CF-059 BG-002") | _charts(
    "XK-008 XK-009 XK-009N XK-010 ZS-003 ZS-004 ZS-005 QZ-005",
)
# Joint items that have not left the sections: one waits for its chief, one for both chiefs, one for a ruling.
JOINT_COUNTERSIGNED = f"{PREFIX}JC-001"
JOINT_OPEN = f"{PREFIX}JC-003"
JOINT_DISPUTED = f"{PREFIX}SP-006"
JOINT_RULED = f"{PREFIX}SP-004"  # scene 3: the dispute over who publishes the list was ruled on 3 July
WAITING_IN_SECTION = IN_SECTION | {JOINT_COUNTERSIGNED, JOINT_OPEN, JOINT_DISPUTED}

# Before the office, by the seats that have signed already.
FIRST_REVIEW: dict[frozenset[str], tuple[str, ...]] = {
    _powers("CF-054 CF-055 CF-056 ZF-002 SFS-001 ZF-016 RS-001 RS-002 BG-006 BG-007")
    | _charts("CF-055 CF-056 ZF-002 SFS-001 SFS-001N ZF-016 RS-001 RS-002"): (),
    _powers("XK-003 XK-004 SP-001") | _charts("XK-003 XK-004 SP-001"): ("legal", "secrecy"),
    _powers("CF-047 CF-048 CF-049 CF-050") | _charts("CF-047N"): ("office", "secrecy"),
    _powers("XK-001 XK-002 ZF-013 BG-004") | _charts("XK-001 XK-001N XK-002 ZF-013"): ("office", "legal"),
}
# Items of the section that hosts the office: the deputy names who reviews them.
HOST_UNNAMED = _powers("QT-001") | _charts("QT-001")
HOST_NAMED = _powers("QT-002") | _charts("QT-002")
HOST_REVIEWER = "publisher"

# Sent ahead: as far as they have come.
AHEAD_APPROVED = _powers("ZS-001 ZS-002 SP-002") | _charts("ZS-001 ZS-002 SP-002")
AHEAD_AT_CITY_GROUP = _powers("ZF-014") | _charts("ZF-014")
AHEAD_AT_CITY_OFFICE = _powers("ZF-015") | _charts("ZF-015")
AHEAD_AT_FILING = _powers("BG-005")
AHEAD = AHEAD_APPROVED | AHEAD_AT_CITY_GROUP | AHEAD_AT_CITY_OFFICE | AHEAD_AT_FILING

# Circulated among the leading group on 7 July: recorded, and waiting for the second person.
CIRCULATED = _powers("RS-003 RS-004 RS-006 RS-007 JC-006") | _charts("RS-003 RS-004 RS-004N RS-006 RS-007 JC-006")
CIRCULATED_BACK = f"{PREFIX}JC-006"


@dataclass(frozen=True)
class Mark:
    """One comment of a return."""

    field: str
    content: str
    severity: str = "must"


# Nine items the office returned, with fourteen marks (scene 6), and one the secrecy review returned (scene 5).
RETURNED: dict[str, tuple[Mark, ...]] = {
    f"{PREFIX}XK-006": (
        Mark("basis-0-article", "依据只写到条,请写明款、项,并核对2008年修订后的条号。"),
        Mark("promised_limit-n", "承诺时限与流程图的总时限不一致,请核对后统一。"),
        Mark("publication_time", "公开时间宜写明更新周期,如“每季度首月10日前”。", "advice"),
    ),
    f"{PREFIX}XK-007": (Mark("conditions", "行使条件中的“有关材料”不明确,请逐项列明。"),),
    "LC-XK-006": (Mark("steps-3", "第3个环节缺少补正的走向,请补画。"),),
    f"{PREFIX}SFX-001": (
        Mark("fees", "请列明收费的批准文件和现行标准。"),
        Mark("publication_forms", "收费事项还应在办事窗口公示,请补充。"),
    ),
    f"{PREFIX}ZF-008": (Mark("control_points", "监督制约环节只写了内部审批,请补写对现场检查的制约。"),),
    f"{PREFIX}QR-004": (Mark("name", "项目名称与上级目录不一致,请统一表述。", "advice"),),
    f"{PREFIX}CF-053": (
        Mark("duties", "职责分工没有写法制审核岗,请补充。"),
        Mark("accountability", "责任追究请写明情形和方式。"),
    ),
    f"{PREFIX}JF-001": (Mark("fees", "收费标准请写明文号和起止时间。"),),
    f"{PREFIX}XK-005": (
        Mark("statutory_limit-n", "法定时限请核对:法律规定的是工作日还是日历日。"),
        Mark("complaint_channel", "投诉途径请补写市优化经济发展软环境领导小组办公室。"),
    ),
}
ANSWERED = f"{PREFIX}XK-007"  # its section has mended it and not handed it in again
WITHHOLDING_RETURNED = "JTHB-BG-003"
WITHHOLDING_MARKS = (
    Mark("basis", "所列依据没有写到条款,请写明法律、法规的具体条款。"),
    Mark("until", "“数据审定后”由谁审定、何时解除,请写明。"),
)

# The basis of each request; the sample's lines leave it to the section (scene 5).
WITHHOLDING_BASIS = {
    "JTHB-BG-002": "信访条例(2005)第23条;政府信息公开条例(2007)第14条",
    "JTHB-BG-003": "本局环境监测数据管理办法",
    "JTHB-BG-004": "党政领导干部选拔任用工作条例(2002);政府信息公开条例(2007)第14条",
    "JTHB-BG-005": "干部档案工作条例(1991);政府信息公开条例(2007)第14条",
    "JTHB-BG-006": "信访条例(2005)第23条",
    "JTHB-BG-007": "政府信息公开条例(2007)第8条",
    "JTHB-BG-008": "政府信息公开条例(2007)第8条",
    "JTHB-BG-009": "政府信息公开条例(2007)第8条",
    "JTHB-BG-010": "政府信息公开条例(2007)第14条第4款",
}
# Why a section's charts stay as they are where a rule warns of them, by rule.
CHART_REASONS = {
    "F47": "本图是简易程序，责任事项按一般程序列写，两者的责任岗位相同。",
    "F48": "核定本身不收费，本环节只把核定结果转交排污费征收。",
    "F49": "内部流程图只画牵头科室的经手岗位，协办科室的环节在外部流程图上。",
    "F60": "初审只提出意见，不作最终决定，申请人可以直接向上级环保、财政部门申报。",
}
WITHHOLDING_UNTIL = {"JTHB-BG-002": "初核办结并按规定答复后"}


def seats_signed(code: str) -> tuple[str, ...] | None:
    """Return the seats of the first review that have signed; None where all have and the item went on."""
    for codes, signed in FIRST_REVIEW.items():
        if code in codes:
            return signed
    if code in HOST_UNNAMED | HOST_NAMED:
        return ("legal", "secrecy")
    return None
