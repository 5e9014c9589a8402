"""The bureau's organisation: read by everyone in it, kept by the system administrator."""

from collections.abc import Callable

from flask import Blueprint, Response, request
from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts import organising
from webapp.accounts.forms import day, optional_day, row_id
from webapp.accounts.models import Post
from webapp.organisation import operations
from webapp.pages.organisation import KIND_WORDS, PATH, organisation_page
from webapp.pages.organisation_section import group_page, section_page
from webapp.policy import Permission
from webapp.rules import NotFound
from webapp.web.fragments import answer, see_other, toast
from webapp.web.problems import Problems, form_errors
from webapp.web.routes import current_actor, reading, route, writing

blueprint = Blueprint("organisation", __name__)
_SEE, _MANAGE = Permission.SEE_ORGANISATION, Permission.MANAGE_ORGANISATION


@route(blueprint, PATH, permission=_SEE)
def organisation() -> Response:
    """Show leading group, sections, posts and who holds them, today or on the day asked for."""
    on = optional_day(request.args, "day") or clock.today()
    return answer("organisation/show.html", page=organisation_page(reading(), on, viewer=current_actor()))


@route(blueprint, f"{PATH}/sections/new", permission=_MANAGE)
def new_section() -> Response:
    """Show the form for a new section."""
    return answer("organisation/new.html", kinds=tuple(KIND_WORDS.items()))


@route(blueprint, f"{PATH}/sections", permission=_MANAGE, methods=["POST"])
def create_section() -> Response:
    """Set up a section."""
    by, form = current_actor(), request.form
    address = ""
    with form_errors() as problems, writing() as session:
        section = organising.add_section(
            session,
            name=form.get("name", ""),
            kind=form.get("kind", ""),
            slug=form.get("slug", ""),
            document=form.get("document", ""),
            by=by,
        )
        address = f"{PATH}/sections/{section.id}"
    if problems:
        kinds = tuple(KIND_WORDS.items())
        return answer("organisation/new.html", kinds=kinds, problems=problems, typed=form, status=problems.status)
    toast("科室已设立。请接着登记岗位。")
    return see_other(address)


@route(blueprint, f"{PATH}/sections/<int:section_id>", permission=_SEE)
def section(section_id: int) -> Response:
    """Show one section with its history."""
    page = section_page(reading(), section_id, clock.today(), viewer=current_actor())
    return answer("organisation/section.html", page=page, part="")


@route(blueprint, f"{PATH}/sections/<int:section_id>/names", permission=_MANAGE, methods=["POST"])
def section_names(section_id: int) -> Response:
    """Give a section another name."""
    by, form = current_actor(), request.form

    def rename(session: Session) -> str:
        moved = operations.rename_section(
            session,
            section_id,
            name=form.get("name", ""),
            document=form.get("document", ""),
            seen_name=form.get("seen_name"),
            by=by,
        )
        return f"科室已更名，{moved.drafts}份草稿已换用新名称；已审定的文本不变，仍归本科室。"

    return _act(section_id, "rename", rename)


@route(blueprint, f"{PATH}/sections/<int:section_id>/mergers", permission=_MANAGE, methods=["POST"])
def mergers(section_id: int) -> Response:
    """Let a section go into another."""
    by, form = current_actor(), request.form

    def merge(session: Session) -> str:
        moved = operations.merge_sections(
            session,
            section_id,
            into_id=row_id(form, "into", "请选择并入的科室。"),
            document=form.get("document", ""),
            seen_name=form.get("seen_name"),
            by=by,
        )
        return (
            f"科室已并入：{moved.records}项职权和流程图转入，{moved.drafts}份草稿已换用新名称，"
            f"收回原科室权限{moved.rights}项。转入人员的权限请安全管理员重新授予。"
        )

    return _act(section_id, "merge", merge)


@route(blueprint, f"{PATH}/sections/<int:section_id>/splits", permission=_MANAGE, methods=["POST"])
def splits(section_id: int) -> Response:
    """Set up a section out of this one."""
    by, form = current_actor(), request.form
    posts = [{"post": text} for text in form.getlist("post")]

    def split(session: Session) -> str:
        moved = operations.split_section(
            session,
            section_id,
            name=form.get("name", ""),
            kind=form.get("kind", ""),
            slug=form.get("slug", ""),
            posts=[row_id(each, "post", "请重新选择岗位。") for each in posts],
            categories=form.getlist("category"),
            document=form.get("document", ""),
            seen_name=form.get("seen_name"),
            by=by,
        )
        return (
            f"新科室已分设：{moved.records}项职权和流程图转入，收回原科室权限{moved.rights}项。"
            "新科室的权限请安全管理员授予。"
        )

    return _act(section_id, "split", split)


@route(blueprint, f"{PATH}/sections/<int:section_id>/posts", permission=_MANAGE, methods=["POST"])
def posts(section_id: int) -> Response:
    """Set up a post."""
    by, form = current_actor(), request.form

    def add(session: Session) -> str:
        organising.add_post(session, section_id, name=form.get("name", ""), purpose=form.get("purpose", ""), by=by)
        return "岗位已登记。"

    return _act(section_id, "post", add)


@route(blueprint, f"{PATH}/posts/<int:post_id>/names", permission=_MANAGE, methods=["POST"])
def post_names(post_id: int) -> Response:
    """Give a post another name or purpose."""
    by, form = current_actor(), request.form

    def rename(session: Session) -> str:
        organising.rename_post(
            session,
            post_id,
            name=form.get("name", ""),
            purpose=form.get("purpose", ""),
            seen_name=form.get("seen_name"),
            by=by,
        )
        return "岗位名称和职责已更改。"

    return _act(_section_of(post_id), f"post-{post_id}", rename)


@route(blueprint, f"{PATH}/posts/<int:post_id>/closures", permission=_MANAGE, methods=["POST"])
def post_closures(post_id: int) -> Response:
    """Close a post nobody holds."""
    by = current_actor()

    def close(session: Session) -> str:
        organising.close_post(session, post_id, by=by)
        return "岗位已撤销，任职的历史仍可查阅。"

    return _act(_section_of(post_id), f"post-{post_id}", close)


@route(blueprint, f"{PATH}/group", permission=_MANAGE)
def group() -> Response:
    """Show the leading group over time."""
    return answer("organisation/group.html", page=group_page(reading(), clock.today()))


@route(blueprint, f"{PATH}/group", permission=_MANAGE, methods=["POST"])
def add_member() -> Response:
    """Seat somebody in the leading group."""
    by, form = current_actor(), request.form
    with form_errors() as problems:
        person, since = row_id(form, "person", "请选择人员。"), day(form, "since")
        until = optional_day(form, "until")
        with writing() as session:
            organising.add_group_member(
                session, person_id=person, post=form.get("post", ""), since=since, until=until, by=by
            )
    if problems:
        return _group_again(problems)
    toast("领导小组成员已登记。")
    return see_other(f"{PATH}/group")


@route(blueprint, f"{PATH}/group/ends", permission=_MANAGE, methods=["POST"])
def member_ends() -> Response:
    """Let a seat in the leading group end."""
    by, form = current_actor(), request.form
    with form_errors() as problems:
        member, last_day = row_id(form, "member", "请选择成员。"), day(form, "last_day")
        with writing() as session:
            organising.end_group_membership(session, member, last_day=last_day, by=by)
    if problems:
        problems.loosen()
        return _group_again(problems)
    toast("任期的最后一天已登记。")
    return see_other(f"{PATH}/group")


def _act(section_id: int, part: str, operation: Callable[[Session], str]) -> Response:
    """Do one thing to a section; where a rule refuses it, the form of that part comes back as it was typed."""
    told = ""
    with form_errors() as problems, writing() as session:
        told = operation(session)
    if problems:
        return _section_again(section_id, part, problems)
    toast(told)
    return see_other(f"{PATH}/sections/{section_id}")


def _section_again(section_id: int, part: str, problems: Problems) -> Response:
    page = section_page(reading(), section_id, clock.today(), viewer=current_actor())
    return answer(
        "organisation/section.html",
        page=page,
        part=part,
        problems=problems,
        typed=request.form,
        chosen={"post": request.form.getlist("post"), "category": request.form.getlist("category")},
        status=problems.status,
    )


def _group_again(problems: Problems) -> Response:
    page = group_page(reading(), clock.today())
    return answer("organisation/group.html", page=page, problems=problems, typed=request.form, status=problems.status)


def _section_of(post_id: int) -> int:
    post = reading().get(Post, post_id)
    if post is None:
        raise NotFound("没有找到您选择的岗位，可能刚刚有变动。请刷新页面后再试。")
    return post.section_id
