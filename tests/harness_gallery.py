"""A tiny app that serves the gallery of components, and the error pages, under the product's content security policy.

For people: `python tests/harness_gallery.py`, then open port 8010 of this machine. For tests: `make_gallery()`.
"""

from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

from flask import Flask, Response, render_template, request
from markupsafe import Markup

from webapp.web.protection import CONTENT_SECURITY_POLICY
from webapp.web.templates import set_up_templates

ROOT = Path(__file__).resolve().parents[1]
LONG_NAME = (
    "对建设项目的水、大气、噪声、固体废物污染防治设施未建成或者未经验收合格，主体工程即投入生产或者使用的行政处罚"
)
SVG = (
    '<svg viewBox="0 0 400 260" role="img" aria-labelledby="chart-title" width="400" height="260">'
    '<title id="chart-title">示例流程</title><g fill="none" stroke="currentColor" stroke-width="1.2">'
    '<rect x="140" y="10" width="120" height="40" rx="20"/><path d="M200 50v30"/>'
    '<rect x="140" y="80" width="120" height="40"/>'
    '<path d="M200 120v30"/><path d="M200 150l70 30-70 30-70-30z"/><path d="M200 210v20"/></g>'
    '<g fill="currentColor" font-size="14" text-anchor="middle"><text x="200" y="35">受理</text>'
    '<text x="200" y="105">现场检查</text><text x="200" y="185">是否立案</text></g></svg>'
)


def gallery_data() -> SimpleNamespace:
    """Return what the gallery shows: empty, one, many, long, late, refused."""
    states = ["draft", "section_review", "returned", "office_review", "in_batch", "approved", "published", "stopped"]
    names = ["超标排放水污染物的行政处罚", LONG_NAME, "排污费征收", "环境影响报告书审批", "干部任免"]
    rows = [
        {
            "id": at,
            "number": at + 51,
            "code": f"JTHB-CF-{at + 1:03}",
            "name": names[at % len(names)],
            "section": "环境监察大队" if at % 3 else "建设项目管理科",
            "state": states[at % len(states)],
            "age": at * 3,
            "due": date(2008, 7, 1 + at),
            "left": None if at < 4 else at - 4,
            "late": 5 - at if at < 4 else None,
        }
        for at in range(12)
    ]
    section = [
        "环境监察大队",
        "建设项目管理科",
        "污染控制科",
        "自然生态科",
        "宣教法制科",
        "人事教育科",
        "财务科",
        "局办公室",
    ]
    return SimpleNamespace(
        digest="9f2c4be7a01d77c3e5b8d64f1290aa53cc7e1b0d9f2c4be7a01d77c3e5b8d64f",
        long_name=LONG_NAME,
        soon=date(2008, 7, 10),
        today=date(2008, 7, 8),
        late=date(2008, 7, 3),
        svg=Markup(SVG),  # noqa: S704 - a constant of this file
        tabs=[
            {"label": "内容", "address": "#a", "current": True},
            {"label": "流程图", "address": "#b", "count": 2},
            {"label": "审核", "address": "#c", "count": 14},
            {"label": "历史", "address": "#d"},
        ],
        acts=[
            {
                "label": "审核通过",
                "address": "/steps",
                "fields": {"action": "approve"},
                "tone": "main",
                "seen_digest": "9f",
            },
            {
                "label": "退回修改",
                "address": "/steps",
                "fields": {"action": "return"},
                "note": "退回理由",
                "note_required": True,
            },
            {
                "label": "撤下",
                "address": "/steps",
                "fields": {"action": "take_down"},
                "tone": "danger",
                "confirm": "撤下后公众看不到该职权，页面上只留中性说明。请确认已报分管领导。",
            },
            {"label": "催办", "address": "/steps", "fields": {"action": "remind"}, "hx": {"swap": "none"}},
            {"label": "签署保密意见", "reason": "您是该职权的填报人，不能同时审核；可由分管领导审核。"},
        ],
        errors=[
            {"field": "conditions", "message": "未填写行使条件，不能送审。"},
            {"field": "basis-1-article", "message": "行使依据第2行没有写明条款。"},
            {"field": None, "message": "尚有2条必须修改的意见未回复，不能送审。"},
        ],
        facets=[
            {
                "label": "科室",
                "options": [
                    {"label": name, "count": 75 // (at + 1) - 9, "address": f"#s{at}", "current": at == 0}
                    for at, name in enumerate(section)
                ],
            },
            {
                "label": "状态",
                "options": [
                    {"label": "草稿", "count": 12, "address": "#t1"},
                    {"label": "待科室审核", "count": 31, "address": "#t2"},
                    {"label": "已退回，待修改", "count": 0, "address": "#t3"},
                    {"label": "已公开", "count": 106, "address": "#t4"},
                ],
            },
        ],
        chosen=[{"label": "科室：环境监察大队", "address": "#list"}, {"label": "查找：大气", "address": "#list2"}],
        columns=[
            {"label": "序号", "numeric": True, "less": True},
            {"label": "职权编码", "narrow": True},
            {"label": "项目名称", "wide": True},
            {"label": "承办部门"},
            {"label": "状态"},
            {"label": "停留", "numeric": True, "less": True},
            {"label": "期限", "narrow": True},
        ],
        rows=rows,
        summary=[
            {"name": "name", "label": "项目名称", "value": LONG_NAME, "address": "#edit-name"},
            {
                "name": "basis",
                "label": "行使依据",
                "value": "《中华人民共和国大气污染防治法》（2000年修订）第48条\n《江苏省大气污染防治条例》第40条",
                "changed": True,
                "problems": [
                    {
                        "id": 1,
                        "severity": "must",
                        "text": "第48条只规定了罚款幅度，违反的条款请一并写明。",
                        "by": "领导小组办公室 钱六",
                        "when": date(2008, 7, 5),
                        "reply_address": "#reply",
                    },
                    {
                        "id": 2,
                        "severity": "advice",
                        "text": "条例名称建议写全称。",
                        "by": "法制审核 周八",
                        "reply": "已写全称。",
                        "reply_kind": "采纳",
                    },
                ],
            },
            {"name": "conditions", "label": "行使条件", "value": "", "wanted": True, "address": "#edit-conditions"},
            {"name": "fees", "label": "收费依据和标准", "value": "不收费"},
            {"name": "joint", "label": "协办", "value": ""},
        ],
        basis_columns=[
            {
                "key": "kind",
                "label": "种类",
                "kind": "select",
                "options": [("law", "法律"), ("regulation", "行政法规")],
                "narrow": True,
            },
            {"key": "law", "label": "名称", "wide": True},
            {"key": "edition", "label": "版本"},
            {"key": "article", "label": "条款"},
        ],
        basis=[
            {"kind": "law", "law": "中华人民共和国大气污染防治法", "edition": "2000年修订", "article": "第48条"},
            {"kind": "regulation", "law": "建设项目环境保护管理条例", "edition": "1998年", "article": ""},
        ],
        events=[
            {
                "when": datetime(2008, 7, 5, 6, 12, tzinfo=UTC),
                "who": "领导小组办公室 钱六",
                "what": "退回修改",
                "note": "行使依据缺违反条款，共2条意见。",
                "tone": "wrong",
                "digest": "9f2c4be7a01d77c3e5b8d64f1290aa53cc7e1b0d9f2c4be7a01d77c3e5b8d64f",
            },
            {"when": datetime(2008, 7, 3, 1, 40, tzinfo=UTC), "who": "环境监察大队 马二", "what": "科室审核通过"},
            {"when": datetime(2008, 6, 30, 9, 5, tzinfo=UTC), "who": "环境监察大队 丁一", "what": "送科室审核"},
        ],
        segments=[
            ("same", "自立案之日起"),
            ("removed", "六十日"),
            ("added", "四十五日"),
            ("same", "内作出处理决定，"),
            ("added", "情况复杂的，经局长批准可以延长三十日，"),
            ("same", "并在七日内送达当事人。"),
        ],
        conflict=[
            {
                "name": "service_commitment",
                "label": "服务承诺",
                "mine": "四十五日内办结。",
                "theirs": "六十日内办结，并告知理由。",
            }
        ],
    )


def make_gallery() -> Flask:
    """Make the gallery app; `/` the gallery, `/meeting` in the meeting mood, `/errors/CODE` an error page."""
    app = Flask("gallery", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    set_up_templates(app)
    places = [
        ("待办事项", "办理", 14, False),
        ("职权清理", "办理", None, True),
        ("服务流程图", "办理", None, False),
        ("上会与报送", "审核", 3, False),
        ("不宜公开职权登记", "审核", None, False),
        ("公开发布", "公开", None, False),
        ("法规制度库", "查阅", None, False),
        ("领导小组与科室", "查阅", None, False),
    ]
    app.context_processor(
        lambda: {
            "viewer": SimpleNamespace(name="钱六", post="领导小组办公室"),
            "navigation": [
                SimpleNamespace(label=label, address=f"#n{at}", group=group, count=count, current=current)
                for at, (label, group, count, current) in enumerate(places)
            ],
            "breadcrumb": [{"label": "职权清理", "address": "#"}, {"label": "JTHB-CF-017", "address": None}],
            "bureau_name": "金坛市环境保护局",
            "app_title": "职权公开运行管理系统",
            "demo_day": date(2008, 7, 8),
            "home_address": "/",
            "sign_out_address": "/sign-out",
            "toasts": [{"kind": "done", "text": "已送科室审核。"}],
        }
    )

    @app.get("/")
    def gallery() -> str:
        if request.headers.get("HX-Request"):
            template = app.jinja_env.get_template("gallery.html")
            return "".join(template.blocks["powers"](template.new_context({"d": gallery_data()})))
        return render_template("gallery.html", d=gallery_data())

    @app.get("/errors/<int:code>")
    def error(code: int) -> tuple[str, int]:
        conflict = {"rows": gallery_data().conflict, "address": "/draft", "fields": {"seen_version": 5}}
        return render_template(f"errors/{code}.html", conflict=conflict, message=None), code

    @app.post("/draft")
    def draft() -> tuple[str, int, dict[str, str]]:
        if "坏" in request.form.get("name", ""):
            return "", 422, {"HX-Reswap": "none"}
        return "", 200, {"HX-Trigger": '{"autosaved": {"at": "10:32", "version": "5"}}'}

    @app.post("/steps")
    def steps() -> tuple[str, int, dict[str, str]]:
        told = r'{"toast": {"toasts": [{"kind": "done", "text": "\u5df2\u529e\u7406\u3002"}]}}'
        return "", 200, {"HX-Trigger": told}

    @app.after_request
    def policy(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
        return response

    return app


if __name__ == "__main__":
    make_gallery().run(port=8010)
