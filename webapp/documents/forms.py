"""The official forms as data: per paper its title, sheet, columns or boxes, and who signs (papers.md 5.2). Pure.

The superior office changes forms; a change is a change of these tables. Whoever fills a form gives values by key, the
form decides which of them are printed, in which order, how wide and in which edition: 报审稿 carries sign lines and the
internal columns, 公开稿 who decided, when and under which number.
"""

from webapp.documents.form_shapes import Box, Column, Edition, Form
from webapp.documents.paper import Layout

_A4 = Layout()
_A4_WIDE = Layout(landscape=True)
_A3_WIDE = Layout("A3", landscape=True, table_type=9)


_BOTH = (Edition.REVIEW, Edition.PUBLIC)
_R, _P = Edition.REVIEW, Edition.PUBLIC
_SECTION_SIGNS = ("填报人", "科室负责人(盖章)")
_CATALOGUE_SIGNS = ("填报单位(盖章)", "填报人", "审核人", "组长")


def _count(key: str, text: str, width: float = 18, only: Edition | None = None) -> Column:
    return Column(key, text, width, "centre", only, none="0")


REGISTRATION = Form(
    "registration-form",
    "表1",
    "职权清理登记表",
    _A4,
    boxes=(
        (Box("section", "填报科室", 6), Box("code", "登记号", 6)),
        (Box("category", "职权类别", 6), Box("direction", "对内/对外", 6)),
        (Box("name", "项目名称"),),
        (Box("basis", "行使依据"),),
        (Box("basis_text", "依据原文"),),
        (Box("conditions", "行使条件"),),
        (Box("procedure", "行使程序", 6), Box("flow", "是否制图", 6)),
        (Box("duties", "承办岗位及职责"),),
        (Box("fees", "收费依据和标准", none="不收费"),),
        (Box("publication_content", "公开内容"),),
        (Box("publication_forms", "公开形式", 6), Box("publication_time", "公开时间", 6)),
        (Box("disclosure", "公开范围(目录)", 6), Box("publication_scope", "公开范围(过程)", 6)),
        (
            Box("withheld_basis", "不公开依据", 4),
            Box("withheld_reason", "不公开理由", 4),
            Box("withheld_until", "期限", 4),
        ),
        (Box("responsibility_items", "责任事项"),),
        (Box("accountability", "责任追究"),),
        (Box("verdict", "清理结论", 4), Box("handling", "处理意见", 8)),
        (Box("attested", "科长审核意见"),),
    ),
    signs=("填报人", "科室负责人"),
    per_section=True,
    about="每项职权一页，一个科室装在一个文件里。",
)

SECTION_SUMMARY = Form(
    "section-summary",
    "表2",
    "{section}职权清理情况汇总表",
    _A4_WIDE,
    columns=(
        Column("category", "类别", 42),
        _count("total", "清理总数", only=_R),
        _count("in_place", "到位", only=_R),
        _count("missing", "不到位", only=_R),
        _count("overreach", "越位", only=_R),
        _count("kept", "保留", only=_R),
        _count("dropped", "取消", only=_R),
        _count("adjusted", "调整", only=_R),
        _count("public", "社会公开"),
        _count("bureau", "内部公开", only=_R),
        _count("withheld", "不公开", only=_R),
        _count("flow_required", "应制图"),
        _count("drawn", "已制图"),
    ),
    signs=_SECTION_SIGNS,
    editions=_BOTH,
    per_section=True,
    about="一个科室按类别的数字，对外、对内分列。",
)

SECTION_REPORT = Form(
    "section-report",
    "表2附",
    "{section}职权清理工作情况报告",
    _A4,
    signs=("科室负责人(盖章)",),
    per_section=True,
    about="文字部分可以修改，数字取自登记的事项。",
)

NIL_RETURN = Form(
    "nil-return",
    "零报告",
    "职权清理零报告单",
    _A4,
    columns=(
        Column("section", "科室", 30),
        Column("category", "类别", 34),
        Column("statement", "清理情况", 52),
        Column("basis", "依据(三定)", 40),
    ),
    signs=("科室负责人",),
    per_section=True,
    about="经清理本科室没有的职权类别。",
)

BUREAU_SUMMARY = Form(
    "bureau-summary",
    "表3",
    "{bureau}职权清理汇总表",
    _A3_WIDE,
    signs=("填报人", "领导小组办公室负责人", "组长(盖章)"),
    editions=_BOTH,
    per_bureau=True,
    about="科室与类别对照，外部、内部分列，行列相符。",
)

FLOW_TABLE = Form(
    "flow-table",
    "表6",
    "流程图对应表",
    _A4_WIDE,
    columns=(
        Column("number", "图号", 30),
        Column("name", "图名", 60),
        Column("procedure", "程序来源", 24),
        Column("powers", "适用职权编码(项数)", 66),
        Column("audience", "外部/内部", 20, "centre"),
        Column("state", "稿次", 20, "centre"),
        Column("reason", "不需制图事项及理由", 40, only=_R),
    ),
    signs=("领导小组办公室负责人",),
    editions=_BOTH,
    about="每张流程图适用哪些职权，哪些事项不需制图。",
)

JOINT_CONFIRMATION = Form(
    "joint-confirmation",
    "表8",
    "交叉职能事项运行过程确认表",
    _A4,
    columns=(
        Column("step", "环节", 38),
        Column("section", "责任科室", 28),
        Column("post", "岗位", 28),
        Column("limit", "时限", 22),
        Column("handover", "衔接要求", 40),
    ),
    boxes=(
        (Box("name", "事项"),),
        (Box("lead", "牵头", 6), Box("joint", "协办", 6)),
    ),
    signs=("牵头科室负责人", "协办科室负责人", "裁定人"),
    per_section=True,
    about="牵头和协办科室逐环节确认，附分歧和裁定。",
)

RECTIFICATION = Form(
    "rectification",
    "表9",
    "职责不到位、越位事项整改表",
    _A4_WIDE,
    columns=(
        Column("place", "序号", 12, "centre"),
        Column("item", "事项", 48),
        Column("verdict", "结论", 18, "centre"),
        Column("problem", "问题表现", 52),
        Column("basis", "依据", 40),
        Column("measure", "措施(补上/停止)", 18, "centre"),
        Column("day", "停止或完成日期", 22, "centre", none="　　年　月　日"),
        Column("person", "责任人", 20, "centre"),
        Column("aftermath", "善后", 20),
        Column("checked", "核查", 17),
    ),
    signs=("科室负责人", "核查人"),
    about="清理结论为不到位、越位的事项。",
)

OPINION_ANSWERS = Form(
    "opinion-answers",
    "表10",
    "审核意见反馈处理表",
    _A4_WIDE,
    columns=(
        Column("place", "序号", 11, "centre"),
        Column("level", "审核层级", 20),
        Column("item", "职权编码、名称", 32),
        Column("field", "字段或环节", 20),
        Column("opinion", "意见(必须/建议)", 38),
        Column("reply", "处理", 15, "centre", none="待处理"),
        Column("reason", "理由", 24),
        Column("before", "修改前", 38),
        Column("after", "修改后", 38),
        Column("day", "日期", 24, "centre"),
    ),
    signs=("科室负责人", "领导小组办公室"),
    about="各级审核意见、统一表述建议和处理情况，修改前后对照。",
)

CATALOGUE = Form(
    "catalogue",
    "表4",
    "{bureau}职权目录",
    _A3_WIDE,
    columns=(
        Column("place", "序号", 12, "centre"),
        Column("code", "职权编码", 30),
        Column("name", "项目名称", 60),
        Column("basis", "行使依据", 104),
        Column("publication_forms", "公开形式", 38),
        Column("publication_scope", "公开范围", 28),
        Column("publication_time", "公开时间", 36),
        Column("fees", "收费依据和标准", 34, none="不收费"),
        Column("section", "承办部门", 24),
        Column("note", "备注", 14),
    ),
    signs=_CATALOGUE_SIGNS,
    editions=_BOTH,
    per_bureau=True,
    about="全局职权，按类别分组，连续编号。",
)

CATALOGUE_DUTIES = Form(
    "catalogue-duties",
    "表4附",
    "{bureau}职权目录(责任部分)",
    _A3_WIDE,
    columns=(
        Column("place", "序号", 12, "centre"),
        Column("code", "职权编码", 30),
        Column("name", "项目名称", 48),
        Column("basis", "职权依据", 70),
        Column("duties", "人员职责分工", 60),
        Column("rules", "行政权力的规则", 50),
        Column("service_commitment", "服务承诺", 40),
        Column("discipline", "工作纪律", 36),
        Column("accountability", "责任追究", 34),
    ),
    signs=_CATALOGUE_SIGNS,
    editions=_BOTH,
    per_bureau=True,
    about="与职权目录同序，责任部分。",
)

WITHHELD_REGISTER = Form(
    "withheld-register",
    "表7",
    "涉密不宜公开职权目录",
    _A4_WIDE,
    columns=(
        Column("place", "序号", 12, "centre"),
        Column("name", "项目名称", 40),
        Column("category", "类别", 22),
        Column("kind", "依法不能公开/暂时不宜公开", 24),
        Column("basis", "不公开依据", 34),
        Column("reason", "不公开理由", 34),
        Column("until", "期限或解除条件", 24, none="长期"),
        Column("section", "提出科室", 20),
        Column("secrecy", "保密审查意见", 18),
        Column("decision", "审定意见", 18),
        Column("filing", "备案号、日期", 20),
    ),
    signs=("科室负责人", "保密审查人", "组长"),
    about="提请和已审定不公开的事项，编号印发。",
)

FORMS = {
    form.name: form
    for form in (
        REGISTRATION,
        SECTION_SUMMARY,
        SECTION_REPORT,
        NIL_RETURN,
        BUREAU_SUMMARY,
        CATALOGUE,
        CATALOGUE_DUTIES,
        FLOW_TABLE,
        WITHHELD_REGISTER,
        JOINT_CONFIRMATION,
        RECTIFICATION,
        OPINION_ANSWERS,
    )
}
