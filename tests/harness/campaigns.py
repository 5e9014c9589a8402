"""The campaign of 2008 as tests need it: the plan's form as scene 1 types it, and a campaign that stands."""

from datetime import date

from harness.bureau import SmallBureau
from webapp import workdays
from webapp.campaigns import operations
from webapp.campaigns.forms import plan_given
from webapp.campaigns.models import Package
from webapp.campaigns.reading import open_campaign, sections_taking_part
from webapp.deadlines.operations import load_calendar
from webapp.sample import files

PHASES = (
    ("第一阶段：动员部署", "2008-06-10", "2008-06-20", "动员部署及业务培训"),
    ("第二阶段：组织实施", "2008-06-21", "2008-07-10", "全面清理，编制目录和流程图"),
    ("第三阶段：审核完善", "2008-07-11", "2008-08-30", "市级初审、审定"),
    ("第四阶段：公开运行", "2008-09-01", "", "公布目录和流程图"),
)
INNER = {
    "cleaning": "2008-06-30",
    "chief_review": "2008-07-03",
    "first_review": "2008-07-08",
    "decision": "2008-07-09",
    "report": "2008-07-10",
}


def plan_fields(**changes: str) -> dict[str, str]:
    """Return the form of the plan as 钱六 types it on 10 June."""
    fields = {
        "title": "2008年职权公开运行工作",
        "documents-0-number": "坛优组字[2008]1号",
        "documents-0-dated_on": "",
        "documents-0-title": "全面推进职权公开运行工作的通知",
        "documents-0-scan": "文书档案2008-14",
        "documents-1-number": "坛环法〔2008〕第1号",
        "documents-1-dated_on": "2008-06-05",
        "documents-1-title": "全面推进行职权公开运行工作的实施方案",
        "documents-1-scan": "",
    }
    for at, (name, starts_on, ends_on, work) in enumerate(PHASES):
        fields |= {f"phases-{at}-name": name, f"phases-{at}-starts_on": starts_on}
        fields |= {f"phases-{at}-ends_on": ends_on, f"phases-{at}-work": work}
    fields |= {f"inner-{key}": day for key, day in INNER.items()}
    return {**fields, **changes}


def load_days(bureau: SmallBureau) -> None:
    """Load the calendar of the State Council."""
    with bureau.database.writing() as session:
        load_calendar(session, workdays.read_calendar(files.read_calendar_text()), by=None)


def opened(bureau: SmallBureau, **changes: str) -> dict[str, int]:
    """Open the campaign and load the calendar; return the packages by section."""
    load_days(bureau)
    form = {name: [value] for name, value in plan_fields(**changes).items()}
    with bureau.database.writing() as session:
        operations.open_new_campaign(session, bureau.office, plan_given(form))
    with bureau.database.reading() as session:
        campaign = open_campaign(session)
        assert campaign is not None
        return {part.name: part.package for part in sections_taking_part(session, campaign)}


def package_of(bureau: SmallBureau, number: int) -> Package:
    """Return a package as it stands."""
    with bureau.database.reading() as session:
        return session.get_one(Package, number)


def day(text: str) -> date:
    """Return a day of 2008 by month and day: 06-20."""
    return date.fromisoformat(f"2008-{text}")
