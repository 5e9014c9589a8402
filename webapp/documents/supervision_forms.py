"""The papers of supervision as data (papers.md 督; domain.md 3.9): notice, reply, bulletin. Pure.

They belong to one order or one quarter, so they are not in the list of `forms.FORMS`.
"""

from webapp.documents.form_shapes import Box, Column, Form
from webapp.documents.paper import Layout

NOTICE = Form(
    "notice",
    "督",
    "整改通知书",
    Layout(),
    columns=(
        Column("place", "序号", 12, "centre"),
        Column("fact", "存在问题", 60),
        Column("basis", "依据", 44),
        Column("result", "整改要求", 40),
    ),
    signs=("签发人", "签收人"),
    about="主送科室、存在问题、整改要求和期限。",
)
REPLY = Form(
    "reply",
    "督",
    "整改回执",
    Layout(landscape=True),
    columns=(
        Column("place", "序号", 12, "centre"),
        Column("fact", "问题明细", 56),
        Column("done", "整改措施", 56),
        Column("done_on", "完成时间", 26, "centre"),
        Column("outcome", "整改结果", 34, "centre"),
        Column("responsible", "责任人", 26, "centre"),
        Column("evidence", "佐证", 47),
    ),
    boxes=((Box("document", "通知文号", 6), Box("section", "整改科室", 6)),),
    signs=("科室负责人(盖章)", "复核人"),
    about="逐条写明措施、结果和佐证。",
)
BULLETIN = Form(
    "bulletin",
    "督",
    "督查通报",
    Layout(),
    columns=(
        Column("section", "科室", 48),
        Column("found", "发现问题", 24, "centre", none="0"),
        Column("closed", "整改完成", 24, "centre", none="0"),
        Column("open", "整改中", 24, "centre", none="0"),
        Column("late", "其中超期", 24, "centre", none="0"),
    ),
    signs=("领导小组办公室(盖章)",),
    about="一个季度的检查和整改情况。",
)
FORMS = {form.name: form for form in (NOTICE, REPLY, BULLETIN)}
