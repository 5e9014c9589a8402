"""Complaints, trainings, guidance and key areas of June and July 2008, invented, by the real operations.

The names of complainants are invented too and lie sealed in the vault of the instance.
"""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts.models import Section
from webapp.accounts.reading import actor_by_username
from webapp.complaints import elsewhere, identity
from webapp.complaints import operations as complaints
from webapp.complaints.forms import ComplaintGiven, ElsewhereGiven, StepGiven
from webapp.complaints.models import Complaint
from webapp.complaints.stages import Event
from webapp.complaints.vault import Identity, Vault, make_vault_key, open_vault
from webapp.config import Settings
from webapp.db import Database
from webapp.matters import operations as matters
from webapp.matters.forms import MatterGiven
from webapp.policy import Actor
from webapp.revisions.models import Record
from webapp.rules import RuleBroken
from webapp.sample.standing import standing_clock
from webapp.training import operations as training
from webapp.training.forms import AnswerGiven, RequirementGiven, SessionGiven

STANDING = date(2008, 7, 8)
_BASIS = "坛环法〔2008〕第1号"


def load_supervision(database: Database, settings: Settings) -> dict[str, int]:
    """Make the sample's complaints, trainings, answers and matters; returns how many of each. One transaction."""
    make_vault_key(settings.instance, has_sealed=False)
    with standing_clock(), database.writing() as session:
        year = _Year(session, open_vault(settings.instance))
        return {
            "来件": year.take_complaints(),
            "培训": year.hold_trainings(),
            "答复": year.answer_questions(),
            "重点事项": year.enter_matters(),
        }


class _Year:
    """One transaction with the bureau's people."""

    def __init__(self, session: Session, vault: Vault) -> None:
        self.session, self.vault = session, vault
        self.sections = {row.name: row.id for row in session.execute(select(Section.name, Section.id))}

    def person(self, username: str) -> Actor:
        found = actor_by_username(self.session, username)
        if found is None:
            raise RuleBroken(f"样例人员 {username} 不在库中。请在空的数据库中重新装入。")
        return found

    def take_complaints(self) -> int:
        """Take in complaints in every state a reader may ask about; the one about the office is the leading group's."""
        done = self._in(date(2008, 6, 11), "complaint", "telephone", "反映夜间检查未出示证件", "环境监察大队", "裘例声")
        self._to_reply(done, "clerk11", conclusion="substantiated")
        self._act(date(2008, 7, 2), "office", done, Event.CLOSE, satisfaction="satisfied")
        asked = self._in(date(2008, 6, 16), "report", "letter", "举报危险废物转移联单审批拖延", "污染控制科", "卜样言")
        self._to_reply(asked, "clerk11", conclusion="unfounded")
        self._act(date(2008, 7, 4), "office", asked, Event.REQUEST_REVIEW, day=date(2008, 7, 4))
        open_one = self._in(date(2008, 6, 23), "complaint", "visit", "反映监测收费未给收据", "环境监测站", "戚示理")
        self._begin(open_one, "clerk11")
        drafted = self._in(date(2008, 6, 25), "complaint", "mail", "反映窗口答复前后不一", "建设项目管理科", "")
        self._begin(drafted, "chief11")
        self._act(date(2008, 7, 4), "chief11", drafted, Event.DRAFT_REPLY, **_found("partly"))
        wrong = self._in(date(2008, 6, 26), "report", "telephone", "举报饭店油烟扰民", "", "")
        self._act(date(2008, 6, 26), "office", wrong, Event.REGISTER)
        self._act(date(2008, 6, 27), "office", wrong, Event.TRANSFER, where="市城市管理局", note="属城市管理职责")
        office = self._in(date(2008, 6, 30), "complaint", "letter", "反映公示栏久未更新", "宣教法制科", "", by="leader")
        self._act(date(2008, 7, 1), "leader", office, Event.REGISTER)
        self._in(date(2008, 7, 7), "consult", "telephone", "咨询排污申报需带哪些材料", "", "")
        self._in(date(2008, 7, 8), "correction", "mail", "指出网上办公地址有误", "", "")
        clock.fix_day(date(2008, 7, 1))
        identity.reveal(self.session, self.person("clerk11"), open_one, reason="约见来件人核对收据", vault=self.vault)
        power = self.session.scalar(select(Record.id).where(Record.kind == "power").order_by(Record.id).limit(1))
        given = ElsewhereGiven("12369", "2008-0617", date(2008, 6, 17), power)
        noted = elsewhere.note_elsewhere(self.session, self.person("office"), given)
        day = date(2008, 6, 30)
        elsewhere.note_result(self.session, self.person("office"), noted.id, result="unfounded", day=day)
        elsewhere.note_elsewhere(
            self.session, self.person("office"), ElsewhereGiven("petition", "坛信2008-031", date(2008, 6, 24), None)
        )
        received, passed = date(2008, 6, 19), date(2008, 6, 20)
        elsewhere.note_discipline(self.session, self.person("publisher"), received, passed, "派驻纪检组")
        return len(self.session.scalars(select(Complaint.id)).all())

    def hold_trainings(self) -> int:
        """Write the year's plan with one training that was held, one to come, and who must."""
        clock.fix_day(date(2008, 6, 18))
        office = self.person("office")
        training.write_plan(self.session, office, 2008, _BASIS, "动员后集中培训，审核前按科室辅导。", seen_version=None)
        for topic, role in (("inventory", "clerk"), ("flow", "clerk"), ("complaints", "inspector")):
            given = RequirementGiven(topic, role, None, date(2008, 6, 30), _BASIS)
            training.set_requirement(self.session, office, given)
        clock.fix_day(date(2008, 6, 24))
        given_session = _session("flow", "服务流程图编制培训", date(2008, 6, 24), held_on=date(2008, 6, 24))
        held = training.plan_session(self.session, office, given_session)
        there = {self.person(f"clerk{number}").person: "passed" for number in (2, 3, 4, 6, 7, 9, 10)}
        there |= {self.person("clerk").person: "passed", self.person("clerk8").person: "failed"}
        there |= {self.person("clerk5").person: "absent"}
        training.note_attendance(self.session, office, held.id, there, seen_version=1)
        training.plan_session(self.session, office, _session("complaints", "投诉办理培训", date(2008, 7, 15)))
        training.plan_session(self.session, office, _session("openness", "公开范围和保密审查", date(2008, 7, 2)))
        return 3

    def answer_questions(self) -> int:
        """Ask questions of the inventory: two answered for their fields, one that waits."""
        asked: tuple[tuple[str, str, AnswerGiven | None], ...] = (
            (
                "clerk",
                "法律只写了处罚幅度没有写时限的，法定时限怎样填？",
                AnswerGiven("没有规定的不填数字，显示为“未规定”；不要填承诺时限代替。", "", "statutory_limit"),
            ),
            (
                "clerk3",
                "行使依据是否要写到款、项？",
                AnswerGiven("写到具体条款项；只有整部法规的，退回补齐。", "", "basis"),
            ),
            ("clerk7", "内部职权的公开形式能否只写局务会通报？", None),
        )
        for username, question, given in asked:
            clock.fix_day(date(2008, 6, 26))
            row = training.ask(self.session, self.person(username), question, None)
            if given is not None:
                clock.fix_day(date(2008, 6, 27))
                training.answer(self.session, self.person("legal"), row.id, given, seen_version=1)
        return 3

    def enter_matters(self) -> int:
        """Enter matters of each area: one whole, some on their way, one with a trace that is missing."""
        found = (
            ("clerk9", "procurement", "办公室", "采购便携式水质监测仪", 86_000, 10, "method offers"),
            ("clerk7", "spending", "财务科", "监测用房维修款", 152_000, 18, "budget approval"),
            ("clerk8", "recruitment", "人事科", "年度先进工作者评选", None, 12, "plan decision notice"),
            ("clerk2", "penalty", "环境监察大队", "重大处罚案件集体审议", 100_000, 30, "review discussion"),
        )
        for username, kind, section, title, amount, day, traces in found:
            decided_on = date(2008, 6, day)
            clock.fix_day(decided_on)
            by = self.person(username)
            given = MatterGiven(kind, self.sections[section], None, title, amount, decided_on, "局长办公会")
            matter = matters.enter_matter(self.session, by, given)
            for key in traces.split():
                matters.note_trace(self.session, by, matter.id, key, decided_on, "原件存本科室档案柜")
        clock.fix_day(STANDING)
        matters.raise_lacks(self.session)
        return len(found)

    def _in(
        self, day: date, kind: str, channel: str, subject: str, section: str, name: str, *, by: str = "office"
    ) -> int:
        clock.fix_day(day)
        given = ComplaintGiven(
            kind=kind,
            channel=channel,
            received_on=day,
            subject=subject,
            content=f"来件人{subject}，要求核实并答复。",
            section=self.sections[section] if section else None,
            person=None,
            power=None,
            identity=Identity(name, "0519-80001234" if name else ""),
            is_real_name=bool(name),
            may_disclose=False,
        )
        return complaints.take_in(self.session, self.person(by), given, self.vault).id

    def _act(self, when: date, username: str, number: int, event: Event, **given: Any) -> None:  # noqa: ANN401 - fields
        clock.fix_day(when)
        version = self.session.get_one(Complaint, number).version
        step = StepGiven(event, seen_version=version, **given)
        complaints.advance(self.session, self.person(username), number, step, self.vault)

    def _begin(self, number: int, assignee: str) -> None:
        day = self.session.get_one(Complaint, number).received_on
        for event in (Event.REGISTER, Event.ACCEPT):
            self._act(day, "office", number, event)
        self._act(day, "office", number, Event.ASSIGN, assignee=self.person(assignee).person)
        self._act(day, assignee, number, Event.BEGIN)

    def _to_reply(self, number: int, assignee: str, *, conclusion: str) -> None:
        self._begin(number, assignee)
        self._act(date(2008, 6, 27), assignee, number, Event.DRAFT_REPLY, **_found(conclusion))
        self._act(date(2008, 6, 30), "office2", number, Event.APPROVE_REPLY)
        self._act(date(2008, 7, 1), "office", number, Event.REPLY, day=date(2008, 7, 1), note="书面答复")


def _found(conclusion: str) -> dict[str, str]:
    if conclusion == "unfounded":
        return {"reply": "经查阅台账，办理时间在规定时限以内。", "conclusion": conclusion}
    return {
        "reply": "经核查，情况属实或者部分属实，已责成有关科室改正。",
        "conclusion": conclusion,
        "fact": "工作人员执行公务和答复时没有按规定说明依据。",
        "basis": "本局机关工作规则",
        "severity": "ordinary",
    }


def _session(topic: str, title: str, planned_on: date, *, held_on: date | None = None) -> SessionGiven:
    place, teacher = "局三楼会议室", "宣教法制科"
    return SessionGiven(topic, title, planned_on, held_on, place, teacher, "讲解、答疑、测试。" if held_on else "", 12)
