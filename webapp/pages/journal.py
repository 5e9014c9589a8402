"""The journal and the security log, as the auditor reads them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.accounts.models import Account, Person
from webapp.journal.models import JournalEntry, JournalHead, SecurityEvent
from webapp.pages.accounts import ROLE_WORDS
from webapp.pages.directory import RESULT_WORDS
from webapp.pages.review_words import OUTCOME_WORDS, REPLY_WORDS
from webapp.reviews.chain import STAGE_LABELS

PAGE_SIZE = 50
MAX_FILTER = 64
INSTALLATION = "系统"
EVENT_WORDS = {
    "signed_in": "登录",
    "signed_out": "退出",
    "sign_in_refused": "登录被拒绝",
    "locked": "账号被锁定",
    "refused": "越权被拒绝",
    "read": "查阅不宜公开职权登记",
    "marked": "录入密级标志被拒绝",
}
ACTION_WORDS = {
    "add_group_member": "登记领导小组成员",
    "add_post": "登记岗位",
    "add_evidence": "附检查证据",
    "add_plan_line": "编制检查计划",
    "advance_checklist": "办理检查清单",
    "advance_inspection": "办理监督检查",
    "answer_points": "填写检查结果",
    "change_checklist": "修改检查清单",
    "draft_checklist": "编写检查清单",
    "lapse_comments": "期满未提意见视为无异议",
    "mark_missed": "登记逾期未检查",
    "plan_inspection": "安排监督检查",
    "remove_evidence": "移除检查证据",
    "mark_overdue": "登记超期",
    "recompute_clocks": "重算时限",
    "add_section": "设立科室",
    "adopt": "采用已批目录",
    "change_campaign": "修改专项工作部署",
    "change_meeting": "修改会议记录",
    "close_campaign": "结束专项工作",
    "hold_meeting": "登记会议或培训",
    "note_attendance": "登记到会情况",
    "open_campaign": "部署专项工作",
    "remind_dates": "到期提醒",
    "write_task_sheet": "填写任务分解表",
    "answer_problem": "答复审核意见",
    "appoint": "登记任职",
    "change_bureau": "修改系统设置",
    "change_directory": "修改通讯目录",
    "propose_contact": "提出修改通讯目录",
    "refuse_contact": "退回通讯目录的修改",
    "recall_contact": "收回通讯目录的修改",
    "record_dialling": "登记拨打结果",
    "change_laws": "修改法规制度库",
    "change_password": "更换密码",
    "refuse_record": "退回登记",
    "discard_edition": "废弃未发布的公开版",
    "change_shared_clause": "修改共用条款",
    "close_post": "撤销岗位",
    "create": "新建",
    "create_account": "登记人员和账号",
    "create_administrator": "设立管理员",
    "disable_account": "停用账号",
    "declare_nil": "作零报告",
    "drop_lapsed": "清理过期内容",
    "drop_nil": "零报告失效",
    "note_scan": "登记签字扫描件",
    "save_report": "保存清理工作情况报告",
    "sign_package": "签署报送材料",
    "withdraw_nil": "撤回零报告",
    "enable_account": "启用账号",
    "forget_heading": "删除记住的表头",
    "end_appointment": "登记免职",
    "end_group_membership": "登记领导小组成员离任",
    "end_role": "收回权限",
    "explain_warnings": "说明提示理由",
    "end_withholding": "解除不公开",
    "grant_role": "授予权限",
    "hand_over": "工作移交",
    "import": "导入",
    "load_calendar": "装入工作日历",
    "load_people": "装入科室和人员",
    "load_words": "装入检索用词",
    "merge_sections": "合并科室",
    "prepare_edition": "编制公开版",
    "raise_gap": "提出职责不到位",
    "resume": "恢复行使",
    "settle_claim": "裁定重复申报",
    "stop": "停止行使",
    "release": "发布",
    "release_edition": "发布",
    "rename_post": "更改岗位",
    "rename_section": "科室更名",
    "reset_password": "重置密码",
    "save_draft": "保存草稿",
    "split_section": "分设科室",
    "unlock_account": "解锁账号",
    "withdraw": "撤下",
    "lift_withdrawal": "恢复公开",
    # the acts of the review chain, as on the buttons
    "submit": "送科室审核",
    "approve": "审核通过",
    "return": "退回修改",
    "recall": "收回",
    "dissent": "提出不同意见",
    "unsign": "撤回会签",
    "rule": "裁定",
    "reassign": "转办",
    "remind": "催办",
    "record": "登记结果",
    "verify": "复核登记",
}
FACT_WORDS = {
    "accounts": "账号",
    "answers": "答案摘要",
    "checklist": "检查清单",
    "due": "应检查日期",
    "event": "办理",
    "evidence": "证据",
    "files": "文件校验码",
    "inspections": "检查",
    "note": "说明摘要",
    "number": "版次",
    "occurrences": "计划内检查",
    "points": "检查点",
    "record": "记录校验码",
    "slug": "检查清单",
    "team": "检查人",
    "year": "年度",
    "clock": "时限",
    "clocks": "时限",
    "finding": "检查问题",
    "state": "状态",
    "acting": "代理",
    "before": "原名称",
    "body": "内容摘要",
    "change": "修改",
    "categories": "类别",
    "changes": "改动条数",
    "content": "内容摘要",
    "data": "数据摘要",
    "date": "日期",
    "days": "天数",
    "digest": "校验码",
    "document": "文号",
    "drafts": "更新的草稿",
    "editions": "公开版数",
    "entries": "修改条数",
    "from": "分自",
    "into": "并入",
    "issued": "发布新版数",
    "items": "事项数",
    "left": "未更新的草稿",
    "dates": "提醒的日期",
    "missing": "缺席科室",
    "present": "到会科室",
    "manifests": "清单数",
    "name": "姓名摘要",
    "outcome": "结果",
    "people": "人员",
    "person": "人员",
    "post": "岗位",
    "posts": "岗位",
    "problem": "意见",
    "reason": "缘由摘要",
    "refused": "未办理项数",
    "replaced": "重新存放的公开包数",
    "reply": "答复",
    "result": "结果",
    "records": "转入事项",
    "role": "权限",
    "roles": "同时收回的权限",
    "round": "轮次",
    "rows": "行数",
    "seat": "职务",
    "rules": "提示规则",
    "section": "科室",
    "sections": "科室",
    "since": "自",
    "source": "来源摘要",
    "stage": "环节",
    "taken": "导入行数",
    "to": "接收人",
    "target": "栏目",
    "until": "至",
    "username": "登录名摘要",
    "version": "稿次",
    "with": "所并入或比较的事项",
}
SUBJECT_WORDS = {
    "account": "账号",
    "checklist": "检查清单",
    "inspection": "监督检查",
    "inspection_plan": "年度检查计划",
    "inspections": "监督检查",
    "plan_line": "年度检查计划",
    "batch": "审定结果登记",
    "bureau": "本局",
    "calendar": "工作日历",
    "campaign": "专项工作",
    "meeting": "会议或培训",
    "package": "科室报送材料",
    "catalogue": "职权目录",
    "clocks": "时限",
    "contact": "通讯目录条目",
    "directory": "通讯目录",
    "edition": "公开版",
    "flow": "流程图",
    "installation": "系统",
    "law": "法规制度",
    "laws": "法规制度库",
    "person": "人员",
    "power": "职权",
    "section": "科室",
    "shared_clause": "共用条款",
    "withholding": "不公开申请",
    "words": "检索用词",
}
_COUNTED = frozenset({"editions", "entries", "items", "manifests"})
_COUNTED = frozenset({"editions", "issued", "items", "manifests", "replaced"})
_VALUE_WORDS: dict[str, Mapping[str, str]] = {
    "outcome": {**OUTCOME_WORDS, "merged": "并入", "distinct": "不同事项"},
    "reply": REPLY_WORDS,
    "result": RESULT_WORDS,
    "role": {str(role): words for role, words in ROLE_WORDS.items()},
    "stage": STAGE_LABELS,
}


@dataclass(frozen=True)
class EntryRow:
    """One entry of the journal; facts hold identifiers and digests only."""

    seq: int
    at: datetime
    who: str
    action: str
    subject: str
    subject_words: str
    facts: tuple[tuple[str, str], ...]
    hash: str


@dataclass(frozen=True)
class JournalPage:
    """A page of the journal, newest first, and the head to be kept outside."""

    rows: tuple[EntryRow, ...]
    subject: str
    action: str
    actions: tuple[tuple[str, str, int], ...]  # action, its words and how often
    page: int
    pages: int
    total: int
    head_seq: int
    head_hash: str


@dataclass(frozen=True)
class EventRow:
    """One event of the security log."""

    id: int
    at: datetime
    kind: str
    who: str
    address: str
    detail: str
    late: bool


@dataclass(frozen=True)
class SecurityLogPage:
    """A page of the security log, newest first."""

    rows: tuple[EventRow, ...]
    kind: str
    kinds: tuple[tuple[str, str, int], ...]  # kind, its words and how often
    page: int
    pages: int
    total: int


def journal_page(session: Session, *, subject: str = "", action: str = "", page: int = 1) -> JournalPage:
    """Return entries, all or of one subject (`power:7`) or one action. Five queries."""
    subject, action = subject.strip()[:MAX_FILTER], action.strip()[:MAX_FILTER]
    by_subject = (JournalEntry.subject == subject,) if subject else ()
    chosen = (*by_subject, *((JournalEntry.action == action,) if action else ()))
    counts = session.execute(
        select(JournalEntry.action, func.count())
        .where(*by_subject)
        .group_by(JournalEntry.action)
        .order_by(JournalEntry.action),
    ).all()
    total = session.scalar(select(func.count()).select_from(JournalEntry).where(*chosen)) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(page, pages)
    entries = session.scalars(
        select(JournalEntry)
        .where(*chosen)
        .order_by(JournalEntry.seq.desc())
        .offset((page - 1) * PAGE_SIZE)
        .limit(PAGE_SIZE),
    ).all()
    names = _names(session, {entry.account for entry in entries})
    head = session.get(JournalHead, 1)
    return JournalPage(
        rows=tuple(
            EntryRow(
                entry.seq,
                entry.at,
                names.get(entry.account or 0, INSTALLATION),
                ACTION_WORDS.get(entry.action, entry.action),
                entry.subject,
                _subject_words(entry.subject),
                _facts(entry.facts),
                entry.hash,
            )
            for entry in entries
        ),
        subject=subject,
        action=action,
        actions=tuple((name, ACTION_WORDS.get(name, name), count) for name, count in counts),
        page=page,
        pages=pages,
        total=total,
        head_seq=head.seq if head else 0,
        head_hash=head.hash if head else "",
    )


def security_log_page(session: Session, *, kind: str = "", page: int = 1) -> SecurityLogPage:
    """Return events, all or of one kind. Four queries."""
    kind = kind.strip()[:MAX_FILTER]
    chosen = (SecurityEvent.kind == kind,) if kind else ()
    counts = session.execute(
        select(SecurityEvent.kind, func.count()).group_by(SecurityEvent.kind).order_by(SecurityEvent.kind),
    ).all()
    total = sum(count for name, count in counts if not kind or name == kind)
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(page, pages)
    events = session.scalars(
        select(SecurityEvent)
        .where(*chosen)
        .order_by(SecurityEvent.id.desc())
        .offset((page - 1) * PAGE_SIZE)
        .limit(PAGE_SIZE),
    ).all()
    names = _names(session, {event.account for event in events})
    return SecurityLogPage(
        rows=tuple(
            EventRow(
                event.id,
                event.at,
                EVENT_WORDS.get(event.kind, event.kind),
                names.get(event.account or 0, "未知"),
                event.address,
                event.detail,
                event.kind in {"refused", "locked"},
            )
            for event in events
        ),
        kind=kind,
        kinds=tuple((name, EVENT_WORDS.get(name, name), count) for name, count in counts),
        page=page,
        pages=pages,
        total=total,
    )


def _names(session: Session, accounts: set[int | None]) -> dict[int, str]:
    rows = session.execute(
        select(Account.id, Person.name, Account.username)
        .join(Person, Person.id == Account.person_id)
        .where(Account.id.in_([account for account in accounts if account is not None])),
    )
    return {row.id: f"{row.name} {row.username}" for row in rows}


def _subject_words(subject: str) -> str:
    kind, _, number = subject.partition(":")
    return f"{SUBJECT_WORDS.get(kind, kind)} {number}".strip()


def _facts(text: str) -> tuple[tuple[str, str], ...]:
    facts = json.loads(text)
    return tuple(
        (FACT_WORDS.get(name, name), _fact_words(name, value)) for name, value in facts.items() if value is not None
    )


def _fact_words(name: str, value: object) -> str:
    """Return a fact as text; what is a key in the entry is said in words, of what is listed only how many there are."""
    if name in _COUNTED and isinstance(value, list):
        return str(len(value))
    if isinstance(value, str):
        return _VALUE_WORDS.get(name, {}).get(value, value)
    return json.dumps(value, ensure_ascii=False)
