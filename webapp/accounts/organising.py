"""Sections and posts that come, change their name or go, and the seats of the leading group.

The system administrator keeps them. A post carries no rights; rights are granted by the security administrator. What
moves drafts and seats of the chain with a section is in `webapp/organisation`.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import TypeVar

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from webapp import clock, scan
from webapp.accounts.models import (
    GROUP_POSTS,
    SECTION_KINDS,
    Appointment,
    Bureau,
    GroupMember,
    Person,
    Post,
    Section,
    SectionChange,
)
from webapp.accounts.reading import bureau_values
from webapp.characters import character_sentence
from webapp.digests import digest
from webapp.journal import operations as journal
from webapp.policy import Actor, Permission
from webapp.rules import NotAllowed, NotFound, RuleBroken, Stale

MAX_NAME, MAX_DOCUMENT, MAX_PURPOSE = 60, 100, 300
_SLUG = re.compile(r"[a-z][a-z0-9-]{1,59}")
_PREFIX, MAX_INDEX = re.compile(r"[A-Z]{2,8}"), 10
_EARLIEST = date(1949, 10, 1)
_Row = TypeVar("_Row", Section, Post, Person, GroupMember)
_WORDS = {Section: "科室", Post: "岗位", Person: "人员", GroupMember: "成员"}


def add_section(session: Session, *, name: str, kind: str, slug: str, document: str, by: Actor) -> Section:
    """Set up a section; `slug` is the word in its public address, made up where it is empty."""
    require_organiser(by)
    section = new_section(session, name=name, kind=kind, slug=slug)
    change = note_change(session, section, "added", document=document, by=by)
    journal.write(
        session, by, "add_section", f"section:{section.id}", {"name": section.name, "document": change.document}
    )
    return section


def add_post(session: Session, section_id: int, *, name: str, purpose: str, by: Actor) -> Post:
    """Set up a post in a section."""
    require_organiser(by)
    section = standing_section(session, section_id)
    checked = checked_line(name, "name", "请填写岗位名称。", MAX_NAME)
    _refuse_post(session, section.id, checked)
    post = Post(section_id=section.id, name=checked, purpose=checked_line(purpose, "purpose", "", MAX_PURPOSE))
    session.add(post)
    session.flush()
    journal.write(session, by, "add_post", f"section:{section.id}", {"post": post.id, "name": post.name})
    return post


def rename_post(session: Session, post_id: int, *, name: str, purpose: str, seen_name: str | None, by: Actor) -> Post:
    """Give a post another name or purpose; who holds it keeps it."""
    require_organiser(by)
    post = locked(session, Post, post_id)
    _check_seen(post.name, seen_name)
    checked = checked_line(name, "name", "请填写岗位名称。", MAX_NAME)
    if checked != post.name:
        _refuse_post(session, post.section_id, checked)
    facts = {"post": post.id, "name": checked, "before": post.name}
    post.name, post.purpose = checked, checked_line(purpose, "purpose", "", MAX_PURPOSE)
    session.flush()
    journal.write(session, by, "rename_post", f"section:{post.section_id}", facts)
    return post


def close_post(session: Session, post_id: int, *, by: Actor) -> Post:
    """Close a post that nobody holds, today or later; its past terms stay."""
    require_organiser(by)
    post = locked(session, Post, post_id)
    if post.closed_on is not None:
        raise Stale("该岗位已经撤销。请刷新页面查看。")
    today = clock.today()
    if session.scalar(
        select(Appointment.id)
        .where(Appointment.post_id == post.id, or_(Appointment.until.is_(None), Appointment.until >= today))
        .limit(1)
    ):
        raise RuleBroken("该岗位仍有人在任或将任，不能撤销。请先在人员页面办理免职。", "post")
    post.closed_on = today
    session.flush()
    journal.write(session, by, "close_post", f"section:{post.section_id}", {"post": post.id, "name": post.name})
    return post


def add_group_member(
    session: Session, *, person_id: int, post: str, since: date, until: date | None, by: Actor
) -> GroupMember:
    """Seat a person in the leading group for a term. A seat carries no rights by itself."""
    require_organiser(by)
    person = locked(session, Person, person_id)
    if post not in GROUP_POSTS:
        raise RuleBroken("请选择职务。", "post")
    if since < _EARLIEST:
        raise RuleBroken("开始日期有误，请核对年份。", "since")
    if until is not None and until < since:
        raise RuleBroken("结束日期不能早于开始日期。", "until")
    ends = (GroupMember.since <= until,) if until is not None else ()
    running = (or_(GroupMember.until.is_(None), GroupMember.until >= since), *ends)
    if session.scalar(select(GroupMember.id).where(GroupMember.person_id == person.id, *running).limit(1)):
        raise RuleBroken("该同志在这段时间已是领导小组成员，请先登记原职务的最后一天。", "person")
    if post == "组长" and session.scalar(select(GroupMember.id).where(GroupMember.post == post, *running).limit(1)):
        raise RuleBroken("这段时间已有组长，请先登记原组长的最后一天。", "post")
    member = GroupMember(person_id=person.id, post=post, since=since, until=until)
    session.add(member)
    session.flush()
    facts = {"seat": post, "since": since.isoformat(), "until": until.isoformat() if until else None}
    journal.write(session, by, "add_group_member", f"person:{person.id}", facts)
    return member


def end_group_membership(session: Session, member_id: int, *, last_day: date, by: Actor) -> GroupMember:
    """Let a seat in the leading group end after a day; who held it then stays on record."""
    require_organiser(by)
    member = locked(session, GroupMember, member_id)
    if member.until is not None and member.until <= last_day:
        raise RuleBroken("该任期已经结束，无需再办。", "last_day")
    if last_day < member.since:
        raise RuleBroken("结束日期不能早于任期开始的日期。", "last_day")
    member.until = last_day
    session.flush()
    facts = {"seat": member.post, "since": member.since.isoformat(), "until": last_day.isoformat()}
    journal.write(session, by, "end_group_membership", f"person:{member.person_id}", facts)
    return member


def change_bureau(session: Session, values: Mapping[str, str], *, seen_digest: str | None, by: Actor) -> Bureau:
    """Change what the bureau is called, its prefixes, the document of its leading group, where its office sits.

    Codes that were given stay; a new prefix counts for codes given from now on.
    """
    if not by.may(Permission.MANAGE_SETTINGS):
        raise NotAllowed("系统设置由系统管理员办理。")
    bureau = session.get(Bureau, 1, with_for_update={"of": Bureau})
    if bureau is None:
        raise NotFound("还没有装入本局的资料，不能修改。请先装入科室和人员。")
    stands = bureau_values(bureau)
    if not seen_digest:
        raise RuleBroken("缺少校验码，未保存。请刷新页面后再试。", "seen_digest")
    if seen_digest != digest(stands):
        raise Stale("设置刚刚被他人修改，本次内容未保存。请对照后再保存。", "\n".join(stands.values()))
    name = checked_line(values.get("name", ""), "name", "请填写本局名称。", MAX_NAME)
    prefix = values.get("code_prefix", "").strip()
    if not _PREFIX.fullmatch(prefix):
        raise RuleBroken("编码前缀应为2至8个大写字母，如JTHB。", "code_prefix")
    index = values.get("index_prefix", "").strip()
    if index and not (index.isascii() and index.isalnum() and len(index) <= MAX_INDEX):
        raise RuleBroken("索引号前缀应为组织机构代码，只用数字和字母。", "index_prefix")
    host = values.get("host", "").strip()
    section = (
        standing_section(session, int(host)) if host.isascii() and host.isdigit() and len(host) < MAX_INDEX else None
    )
    document = checked_line(values.get("group_document", ""), "group_document", "", MAX_DOCUMENT)
    bureau.name, bureau.code_prefix, bureau.index_prefix, bureau.group_document = name, prefix, index, document
    bureau.host_section_id = section.id if section else None
    session.flush()
    if bureau_values(bureau) == stands:
        raise RuleBroken("内容没有变化，无需保存。")
    journal.write(session, by, "change_bureau", "bureau:1", {"content": digest(bureau_values(bureau))})
    return bureau


def new_section(session: Session, *, name: str, kind: str, slug: str) -> Section:
    """Make a section without journal: the calling operation writes the entry."""
    checked = checked_line(name, "name", "请填写科室名称。", MAX_NAME)
    refuse_name(session, checked, None)
    if kind not in SECTION_KINDS:
        raise RuleBroken("请选择种类。", "kind")
    slug = slug.strip()
    if slug and not _SLUG.fullmatch(slug):
        raise RuleBroken("网址名只能用小写字母、数字和短横线，以字母开头。", "slug")
    if slug and session.scalar(select(Section.id).where(Section.slug == slug)) is not None:
        raise RuleBroken("已有科室使用这个网址名，请另取一个。", "slug")
    position = (session.scalar(select(func.max(Section.position))) or 0) + 1
    section = Section(name=checked, slug=slug or f"section-{position}", kind=kind, position=position)
    session.add(section)
    session.flush()
    return section


def note_change(
    session: Session,
    section: Section,
    kind: str,
    *,
    document: str,
    by: Actor,
    old_name: str = "",
    other: Section | None = None,
) -> SectionChange:
    """Keep what became of a section, under which document; without journal."""
    change = SectionChange(
        section_id=section.id,
        kind=kind,
        old_name=old_name,
        new_name=section.name,
        other_id=other.id if other else None,
        day=clock.today(),
        document=checked_line(document, "document", "请填写机构调整的文号。", MAX_DOCUMENT),
        person_id=by.person,
    )
    session.add(change)
    session.flush()
    return change


def refuse_name(session: Session, name: str, own: int | None) -> None:
    """Raise where a name is or was another section's: an old text must not come to mean another section."""
    taken = session.scalars(select(Section.id).where(Section.name == name))
    former = session.scalars(select(SectionChange.section_id).where(SectionChange.old_name == name))
    if any(section != own for section in (*taken, *former)):
        raise RuleBroken("这个名称是或曾是另一科室的名称，为免旧文混淆，请另取一个。", "name")


def standing_section(session: Session, section_id: int) -> Section:
    """Return a section that is not closed, locked; raise NotFound or RuleBroken."""
    section = locked(session, Section, section_id)
    if section.closed_on is not None:
        raise Stale("该科室已经撤并。请刷新页面查看其去向。")
    return section


def locked(session: Session, model: type[_Row], row_id: int) -> _Row:
    """Return a row, locked until the transaction ends; raise NotFound."""
    found = session.get(model, row_id, with_for_update={"of": model})
    if found is None:
        raise NotFound(f"没有找到您选择的{_WORDS[model]}，可能刚刚有变动。请刷新页面后再试。")
    return found


def require_organiser(by: Actor) -> None:
    """Raise unless the person keeps the organisation."""
    if not by.may(Permission.MANAGE_ORGANISATION):
        raise NotAllowed("科室、岗位和领导小组由系统管理员登记。")


def check_section_seen(section: Section, seen_name: str | None) -> None:
    """Raise where the section has another name than the one on screen."""
    _check_seen(section.name, seen_name)


def checked_line(text: str, name: str, needed: str, longest: int) -> str:
    """Return one line of text; raise RuleBroken where it is empty and needed, too long or not to be kept."""
    line = " ".join(text.split())
    if not line and needed:
        raise RuleBroken(needed, name)
    if sentence := character_sentence(line) or scan.secrecy_sentence(line):
        raise RuleBroken(sentence, name)
    if len(line) > longest:
        raise RuleBroken(f"最多{longest}个字，请删减。", name)
    return line


def _check_seen(stands: str, seen_name: str | None) -> None:
    if seen_name is None:
        raise RuleBroken("缺少原名称，未保存。请刷新页面后再试。", "seen_name")
    if seen_name != stands:
        raise Stale("名称刚刚被他人修改，本次内容未保存。请对照后再办。", stands)


def _refuse_post(session: Session, section_id: int, name: str) -> None:
    if session.scalar(select(Post.id).where(Post.section_id == section_id, Post.name == name)) is not None:
        raise RuleBroken("该科室已有(或曾有)这个岗位，请另取一个名称。", "name")
