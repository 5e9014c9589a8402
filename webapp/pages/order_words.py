"""What the journal calls the acts and states of findings, orders and cards."""

from webapp.findings.card_rules import CARD_ACTS, CARD_WORDS
from webapp.findings.finding_stages import FINDING_WORDS
from webapp.findings.order_stages import ACTS as ORDER_ACTS
from webapp.findings.order_stages import ORDER_WORDS

ORDER_ACTIONS: dict[str, str] = {
    "raise_finding": "提出检查问题",
    "confirm": "确认检查问题",
    "withdraw_finding": "撤销检查问题",
    "fix_on_spot": "登记当场改正",
    "note": "检查问题记录备查",
    "transfer": "移送纪检机构",
    "contest": "对检查问题提出异议",
    "uphold": "维持检查问题",
    "draft_order": "起草整改通知",
    "propose_cards": "提出黄牌、红牌",
    "switch_cards": "启用或停用黄牌、红牌",
    **{str(act.event): f"{act.label}（黄牌、红牌）" for act in CARD_ACTS},
    "remind_orders": "催办整改",
    **{str(act.event): act.label for act in ORDER_ACTS},
}
ORDER_STATES = {**FINDING_WORDS, **CARD_WORDS, **ORDER_WORDS, "on": "启用", "off": "停用"}
