"""What every template has at hand, beside what its view passes, and the navigation.

Names: `viewer` (Actor or None), `navigation`, `breadcrumb`, `bureau_name`, `app_title`, `demo_day` (date or None),
`home_address`, `sign_out_address`, `toasts`, `problems`, `typed`, `may(permission name)`; globals `ui` (the component
macros, docs/COMPONENTS.md), `url_for`; filters of `web/filters.py`.
"""

from dataclasses import dataclass

from flask import Flask, g, request
from sqlalchemy import select

from webapp import clock
from webapp.accounts.models import Bureau
from webapp.policy import Actor, Permission, Role
from webapp.web.routes import reading, viewer

APP_TITLE = "职权公开运行管理系统"

_BUREAU_NAME = select(Bureau.name).where(Bureau.id == 1)


@dataclass(frozen=True)
class Place:
    """An address of the navigation and who sees it; the words are those of labels.md."""

    label: str
    address: str
    group: str
    permission: Permission

    @property
    def root(self) -> str:
        """Return the address below which everything belongs to this place: /imports/7 as well as /imports/new."""
        return self.address.removesuffix("/new")


@dataclass(frozen=True)
class NavigationItem:
    """An address of the navigation for one person on one page."""

    label: str
    address: str
    group: str
    current: bool
    count: int | None = None


PLACES = (
    Place("待办事项", "/worklist", "办理", Permission.SEE_RECORDS),
    Place("职权清理", "/powers", "办理", Permission.SEE_RECORDS),
    Place("服务流程图", "/flows", "办理", Permission.SEE_RECORDS),
    Place("不到位和越位", "/verdicts", "办理", Permission.SEE_RECORDS),
    Place("共用条款", "/shared-clauses", "办理", Permission.EDIT_SHARED_CLAUSES),
    Place("导入", "/imports/new", "办理", Permission.IMPORT_RECORDS),
    Place("工作部署与进度", "/campaign", "办理", Permission.SEE_RECORDS),
    Place("科室报送", "/packages", "办理", Permission.SEE_RECORDS),
    Place("重复申报", "/claims", "审核", Permission.RECORD_DECISIONS),
    Place("统一表述建议", "/wordings", "审核", Permission.SEE_RECORDS),
    Place("上会与报送", "/batches", "审核", Permission.RECORD_DECISIONS),
    Place("不宜公开职权登记", "/withholdings", "审核", Permission.SEE_WITHHOLDINGS),
    Place("投诉与意见", "/complaints", "督查", Permission.SEE_COMPLAINTS),
    Place("培训与指导", "/training", "督查", Permission.SEE_TRAINING),
    Place("重点领域", "/matters", "督查", Permission.SEE_MATTERS),
    Place("监督检查", "/inspections", "督查", Permission.SEE_RECORDS),
    Place("检查清单", "/checklists", "督查", Permission.INSPECT),
    Place("整改督办", "/orders", "督查", Permission.SEE_RECORDS),
    Place("问题台账", "/ledger", "督查", Permission.SEE_RECORDS),
    Place("黄牌和红牌", "/cards", "督查", Permission.WORK_ON_ORDERS),
    Place("公开发布", "/editions", "公开", Permission.SEE_EDITIONS),
    Place("表格与报告", "/papers", "查阅", Permission.MAKE_PAPERS),
    Place("职权目录", "/catalogue", "查阅", Permission.SEE_CATALOGUE),
    Place("法规制度库", "/laws", "查阅", Permission.SEE_LAWS),
    Place("领导小组与科室", "/organisation", "查阅", Permission.SEE_ORGANISATION),
    Place("通讯目录", "/directory", "查阅", Permission.SEE_ORGANISATION),
    Place("工作移交", "/handovers", "办理", Permission.HAND_OVER),
    Place("人员与账号", "/accounts", "管理", Permission.MANAGE_ACCOUNTS),
    Place("工作日历", "/calendar", "查阅", Permission.SEE_ORGANISATION),
    Place("系统设置", "/settings", "管理", Permission.MANAGE_SETTINGS),
    Place("权限与解锁", "/rights", "管理", Permission.MANAGE_RIGHTS),
    Place("操作日志", "/journal", "审计", Permission.SEE_JOURNAL),
    Place("安全日志", "/security-log", "审计", Permission.SEE_SECURITY_LOG),
    Place("更换密码", "/password", "本人", Permission.SIGNED_IN),
)


def set_up_context(app: Flask) -> None:
    """Give the templates of an app their common names."""
    app.context_processor(_common_names)


def navigation_for(actor: Actor, path: str) -> tuple[NavigationItem, ...]:
    """Return the places a person may go to; the one under whose root the path lies is current."""
    shown = [place for place in PLACES if actor.may(place.permission)]
    under = [place for place in shown if path == place.root or path.startswith(f"{place.root}/")]
    here = max((place.address for place in under), key=len, default="")
    return tuple(NavigationItem(p.label, p.address, p.group, p.address == here) for p in shown)


def home_of(actor: Actor) -> str:
    """Return the address a person begins at: the worklist, or what an administrator is there for."""
    first = {Role.SYSADMIN: "/accounts", Role.SECADMIN: "/rights", Role.AUDITOR: "/journal"}
    if actor.may(Permission.SEE_RECORDS):
        return "/worklist"
    return next((first[role] for role in first if role in actor.roles), "/password")


def bureau_name() -> str:
    """Return the bureau's name; asked once a request."""
    if "bureau_name" not in g:
        g.bureau_name = reading().scalar(_BUREAU_NAME) or ""
    return str(g.bureau_name)


def _common_names() -> dict[str, object]:
    # An answer to an unexpected error is drawn without the database, which may be what broke.
    broken = g.get("broken", False)
    actor = None if broken else viewer()
    return {
        "viewer": actor,
        "navigation": navigation_for(actor, request.path) if actor else (),
        "breadcrumb": (),
        "bureau_name": "" if broken else bureau_name(),
        "app_title": APP_TITLE,
        "demo_day": clock.fixed_day(),
        "home_address": home_of(actor) if actor else "/sign-in",
        "sign_out_address": "/sign-out",
        "may": lambda name: actor is not None and actor.may(Permission(name)),
    }
