"""The limits of the law and the house as data: number, unit, start, basis, what stops and extends them. Pure.

From section 5 of supervision.md, to be checked against the official text before relying on one. The unit changes with
the number inside one statute, so a number never stands without it.
"""

from dataclasses import dataclass

KINDS = ("statutory", "promised", "step", "internal")
KIND_WORDS = {"statutory": "法定时限", "promised": "承诺时限", "step": "环节时限", "internal": "内部时限"}
PAUSE_WORDS = {
    "hearing": "听证",
    "test": "检验、检测",
    "expert": "专家评审",
    "correction": "补正材料",
    "third_party": "征求第三方意见",
    "awaiting": "等待来件人补充",
    "force_majeure": "不可抗力",
}


@dataclass(frozen=True)
class Seed:
    """A limit as it is loaded: `ext_n` and `ext_times` bound what may be added, in the unit of the limit."""

    key: str
    label: str
    n: int
    unit: str
    start: str
    basis: str
    kind: str = "statutory"
    pauses: tuple[str, ...] = ()
    ext_n: int = 0
    ext_times: int = 0
    rolls: bool = True


_EXPERT = ("hearing", "test", "expert")
SEEDS = (
    Seed("licence.decision", "许可决定", 20, "working_day", "受理之日", "行政许可法第42条、第82条", pauses=_EXPERT,
         ext_n=10, ext_times=1),
    Seed("licence.joint", "联合办理许可决定", 45, "day", "受理之日", "行政许可法第42条", pauses=_EXPERT,
         ext_n=15, ext_times=1),
    Seed("licence.papers", "一次告知补正", 5, "working_day", "收到申请之日", "行政许可法第32条第4项"),
    Seed("penalty.decision", "处罚决定", 90, "day", "立案之日", "行政处罚法第60条", pauses=_EXPERT),
    Seed("penalty.delivery", "处罚决定书送达", 7, "working_day", "作出决定之日", "行政处罚法第61条、第85条"),
    Seed("penalty.withdrawal", "撤回公开的处罚信息", 3, "working_day", "变更、撤销之日", "行政处罚法第48条、第85条"),
    Seed("disclosure.proactive", "主动公开", 20, "working_day", "形成或变更之日", "政府信息公开条例第26条"),
    Seed("disclosure.request", "依申请公开答复", 20, "working_day", "收到申请之日", "政府信息公开条例第33条",
         pauses=("third_party", "correction"), ext_n=20, ext_times=1),
    Seed("disclosure.third_party", "第三方反馈意见", 15, "working_day", "收到征求意见书之日", "政府信息公开条例第32条"),
    Seed("disclosure.correction", "告知补正", 7, "working_day", "收到申请之日", "政府信息公开条例第30条"),
    Seed("petition.tell", "告知是否受理", 15, "day", "收到之日", "信访工作条例第23条"),
    Seed("petition.objection", "转送异议", 5, "working_day", "收到转送之日", "信访工作条例第23条"),
    Seed("petition.finish", "办结", 60, "day", "受理之日", "信访工作条例第34条", pauses=("awaiting",),
         ext_n=30, ext_times=1),
    Seed("petition.review_ask", "申请复查", 30, "day", "收到答复之日", "信访工作条例第35条"),
    Seed("petition.review_answer", "复查答复", 30, "day", "收到复查申请之日", "信访工作条例第35条"),
    Seed("petition.final_ask", "申请复核", 30, "day", "收到复查意见之日", "信访工作条例第36条"),
    Seed("petition.final_answer", "复核答复", 30, "day", "收到复核申请之日", "信访工作条例第36条"),
    Seed("hotline.tell", "举报件告知", 15, "day", "收到之日", "环保举报热线工作管理办法"),
    Seed("hotline.finish", "举报件办结", 60, "day", "受理之日", "环保举报热线工作管理办法", pauses=("awaiting",),
         ext_n=30, ext_times=1),
    Seed("reconsideration.papers", "复议申请补正", 5, "working_day", "收到申请之日", "行政复议法第31条"),
    Seed("reconsideration.decision", "复议决定", 60, "day", "受理之日", "行政复议法第62条", pauses=("expert",),
         ext_n=30, ext_times=1),
    Seed("inspection.comment", "被检查科室反馈意见", 5, "working_day", "送交之日", "本局监督检查制度", "internal"),
    Seed("order.acknowledge", "签收整改通知", 1, "working_day", "送达之日", "本局监督检查制度", "internal"),
    Seed("order.serve", "逾期未签收视为送达", 3, "working_day", "送达之日", "本局监督检查制度", "internal"),
    Seed("order.rectify", "整改", 5, "working_day", "送达之日", "本局监督检查制度", "internal",
         pauses=("force_majeure",), ext_n=10, ext_times=1),
    Seed("card.explain", "对黄牌、红牌作出说明", 5, "working_day", "发出之日", "本局监督检查制度", "internal"),
    Seed("matter.trace", "重点事项补齐留痕", 10, "working_day", "办理之日", "本局监督检查制度", "internal"),
)  # fmt: skip
BY_KEY = {seed.key: seed for seed in SEEDS}
UNIT_WORDS = {"working_day": "个工作日", "day": "日", "month": "个月", "year": "年", "hour": "小时"}


def limit_words(n: int, unit: str) -> str:
    """Return a limit as it is written: 5个工作日."""
    return f"{n}{UNIT_WORDS[unit]}"
