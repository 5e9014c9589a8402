"""The papers of training and guidance as data: 培训签到表, 培训记录, 业务指导记录 (papers.md 训). Pure."""

from webapp.documents.form_shapes import Box, Column, Form
from webapp.documents.paper import Layout

SIGN_IN_SHEET = Form(
    "sign-in-sheet",
    "训",
    "培训签到表",
    Layout(),
    columns=(
        Column("place", "序号", 14, "centre"),
        Column("section", "科室", 44),
        Column("name", "姓名", 30),
        Column("sign", "签到", 50, none=""),
        Column("note", "备注", 32, none=""),
    ),
    signs=("主持人", "记录人"),
)
TRAINING_RECORD = Form(
    "training-record",
    "训",
    "培训记录",
    Layout(),
    boxes=(
        (Box("title", "名称"),),
        (Box("topic", "内容", 6), Box("day", "日期", 6)),
        (Box("place", "地点", 6), Box("teacher", "讲授人", 6)),
        (Box("present", "到课", 4), Box("absent", "缺席", 4), Box("passed", "合格", 4)),
        (Box("content", "记录"),),
        (Box("absentees", "缺席人员", none="无"),),
    ),
    signs=("记录人", "领导小组办公室"),
)
GUIDANCE_RECORD = Form(
    "guidance-record",
    "训",
    "业务指导记录",
    Layout(landscape=True),
    columns=(
        Column("day", "日期", 22),
        Column("section", "科室", 30, none="不限"),
        Column("question", "问题", 62),
        Column("answer", "答复口径", 78, none="未答复"),
        Column("scope", "适用范围", 36),
        Column("by", "答复人", 22, none="—"),
    ),
)
TRAINING_FORMS = {form.name: form for form in (SIGN_IN_SHEET, TRAINING_RECORD)}
