"""The sample bureau without its work: people, sections, laws, directory, calendar, the words of the public search."""

from datetime import date

from webapp import clock, workdays
from webapp.accounts.loading import load_people
from webapp.accounts.passwords import make_one_time_password
from webapp.config import Settings
from webapp.db import Database
from webapp.deadlines.operations import load_calendar
from webapp.directory.operations import load_directory
from webapp.laws.operations import load_library
from webapp.publication.word_tables import load_word_table
from webapp.sample import files

# The day the bureau set up its leading group (people.json): nobody's term as a member begins earlier.
FOUNDED = date(2008, 6, 5)

# The accounts the contract names, with what each is for.
_ACCOUNTS = {
    "clerk": "填报人",
    "clerk2": "填报人",
    "chief": "科室负责人",
    "chief2": "科室负责人",
    "office": "领导小组办公室，汇总初审、登记、编制公开版",
    "office2": "领导小组办公室，复核登记",
    "legal": "法制审核",
    "publisher": "局办公室，保密审查、发布",
    "deputy": "副组长，指定初审人",
    "leader": "组长，查阅",
    "inspector": "督查员",
    "inspector2": "督查员",
    "sysadmin": "系统管理员，账号、人员",
    "secadmin": "安全管理员，权限、解锁",
    "auditor": "审计员，日志",
}


def load_foundation(database: Database, settings: Settings, password: str) -> dict[str, int]:
    """Load the sample bureau's people and all they stand on into an empty database, whole or not at all.

    Returns how many sections, posts, people and accounts there are. The instance is marked as a demonstration: whoever
    is in it is invented. Raises RuleBroken where a bureau has been loaded already.
    """
    with database.writing() as session:
        people = files.read_people()
        counts = load_people(session, people, lambda _username: password, external_sign_in=settings.external_sign_in)
        load_library(session, files.read_laws(), by=None)
        load_directory(session, files.read_contacts(), by=None)
        load_calendar(session, workdays.read_calendar(files.read_calendar_text()), by=None)
        load_word_table(session, "synonyms", files.read_rows("synonyms.csv"), by=None)
        load_word_table(session, "who_handles", files.read_rows("who-handles.csv"), by=None)
    settings.demo_mark.write_text(f"样例局,装入于{clock.wall_now().date().isoformat()}。\n", encoding="utf-8")
    return counts


def random_password() -> str:
    """Return a password for the sample accounts of one installation."""
    return make_one_time_password().text


def account_lines() -> list[tuple[str, str, str]]:
    """Return (username, section, what the person is for) of the accounts the contract names."""
    posts = {row["username"]: row["posts"] for row in files.read_people()["people"]}
    return [(name, posts[name][0]["section"], purpose) for name, purpose in _ACCOUNTS.items()]
