"""The fields of fees, decisions, personnel, property and other powers, as data. Pure.

Source: domain.md 3.2 (fees) and 3.3, as the sample catalogue fills them; what it marks M is required at submission.
"""

from webapp.powers.detail_fields import (
    PART_PUBLIC,
    REVIEW_CYCLE,
    count,
    flag,
    inside,
    line,
    lines,
    one_of,
    rows,
    text,
)
from webapp.powers.shapes import Field, Shape

# What the plan names first; the list of a bureau may go on.
DECISION_KINDS = ("重大项目", "资金分配", "资产处置", "重要事项", "重大政策措施")
PERSONNEL_KINDS = ("人员录用", "人员调动", "任免", "奖惩", "发展党员", "考核培训")
PROPERTY_KINDS = ("物资采购", "财物支配", "资产处置", "工程建设", "公务用车", "公务接待")
FEE_KINDS = ("行政性收费", "事业性收费")
_STEPS = ("动议", "推荐", "考察", "讨论决定", "公示", "任职")

FEE = (
    line("fee_item", "收费项目", required=True),
    line("fee_code", "收费项目编码"),
    one_of("nature", "收费性质", *FEE_KINDS, required=True),
    line("collector", "执收单位", required=True),
    line("payee", "收款账户性质"),
    text("object", "收费对象"),
    line("unit", "计费单位"),
    line("approved_by", "批准机关"),
    line("establishing_document", "立项依据文号"),
    line("standard_document", "收费标准文号"),
    text("fund", "资金管理"),
    line("period", "执行起止"),
    line("ticket", "票据"),
    one_of("status", "状态", "执行", "停征", "取消"),
    text("reduction", "减免"),
    Field("price_hotline_key", "价格举报电话", Shape.CONTACT),
    flag("notice_board", "设置收费公示牌"),
)
DECISION = (
    one_of("subcategory", "子类", *DECISION_KINDS, required=True),
    text("threshold", "额度标准"),
    line("proposed_by", "提出科室"),
    line("decided_by", "决策主体", "局党组会", "局长办公会", required=True),
    rows(
        "preliminaries",
        "前置程序",
        line("step", "环节"),
        flag("required", "必经"),
        line("note", "说明"),
        help_="调研、公众参与、专家论证、风险评估、合法性审查等；不经的写明理由。",
    ),
    text("quorum", "参会人数"),
    text("voting", "表决方式"),
    text("recusal", "回避"),
    inside("minutes", "会议记录编号", Shape.LINE),
    text("execution", "执行"),
    line("executor", "执行责任人"),
    line("execution_limit", "执行期限"),
    text("disclosure_content", "决策公开内容"),
    line("oversight_by", "监督机构"),
    inside("archive", "归档"),
    lines("participants", "参加人员"),
    lines("sections", "参与科室"),
)
PERSONNEL = (
    one_of("subcategory", "子类", *PERSONNEL_KINDS, required=True),
    text("qualifications", "资格条件"),
    line("publicity_scope", "公示范围"),
    line("publicity_days", "公示天数"),
    lines("procedure_steps", "程序", *_STEPS),
    text("publicity_object", "公示对象"),
    text("personal_data_rule", "个人信息保护"),
    text("objections_received_by", "意见受理"),
    line("exam_by", "考试组织机关"),
    count("rotation_years", "轮岗年限"),
    line("recommended_by", "推荐方式"),
    text("excellent_ratio", "优秀比例"),
    lines("effect_terms", "处分期间"),
    count("probation_months", "试用期(月)"),
    PART_PUBLIC,
    REVIEW_CYCLE,
)
PROPERTY = (
    one_of("subcategory", "子类", *PROPERTY_KINDS, required=True),
    rows(
        "tiers",
        "限额分档",
        line("range", "金额区间"),
        line("approval", "审批权限"),
        line("method", "方式"),
        line("publish", "公开"),
        required=True,
    ),
    text("budget_basis", "预算依据"),
    text("quotation", "询价和招标"),
    text("separation_of_duties", "岗位分离"),
    text("acceptance", "验收"),
    text("asset_register", "资产登记"),
    text("assessment", "评估"),
    text("income_treasury", "收入上缴"),
    text("disclosure_content", "公示内容"),
)
OTHER = (
    text("matter", "事项内容", required=True),
    text("objects", "对象"),
    text("result", "结果"),
    inside("note", "说明"),
)
