"""Words of the journal for complaints, training, guidance and key areas."""

from webapp.complaints.stages import ACTS as COMPLAINT_ACTS
from webapp.complaints.stages import STATE_WORDS
from webapp.findings.finding_stages import FINDING_WORDS
from webapp.findings.order_stages import ORDER_WORDS

SUPERVISION_ACTIONS = {
    "take_in_complaint": "收件登记",
    **{f"complaint_{act.event}": f"投诉与意见：{act.label}" for act in COMPLAINT_ACTS},
    "reveal_identity": "查看来件人信息",
    "erase_identity": "清除来件人信息",
    "note_elsewhere": "登记其他系统来件",
    "note_elsewhere_result": "登记其他系统来件的结果",
    "note_discipline": "登记涉纪转送",
    "write_training_plan": "填写培训计划",
    "plan_training": "登记培训",
    "change_training": "修改培训记录",
    "note_training_attendance": "登记培训到课情况",
    "set_requirement": "登记培训要求",
    "end_requirement": "终止培训要求",
    "ask_guidance": "提出业务问题",
    "answer_guidance": "答复业务问题",
    "withdraw_guidance": "停用填报口径",
    "enter_matter": "登记重点事项",
    "note_trace": "登记留痕",
    "cancel_matter": "注销重点事项",
    "raise_lacks": "列出逾期未留痕的问题",
}
SUPERVISION_SUBJECTS = {
    "complaint": "来件",
    "discipline": "涉纪转送",
    "elsewhere": "其他系统来件",
    "guidance": "业务指导",
    "matter": "重点事项",
    "matters": "重点事项",
    "requirement": "培训要求",
    "training": "业务培训",
    "training_plan": "培训计划",
}
SUPERVISION_STATES = {**FINDING_WORDS, **ORDER_WORDS, **STATE_WORDS}
