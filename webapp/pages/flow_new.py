"""A new chart: the next number of each series, the sections, and the charts it may be copied from."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.flows.kind import AUDIENCES
from webapp.flows.numbering import SERIES, next_numbers
from webapp.flows.starting_charts import StartingChart, starting_charts
from webapp.pages.finding import section_names
from webapp.policy import Actor
from webapp.revisions.models import Listing
from webapp.revisions.reading import visible_to

STARTS = (
    ("statutory", "法定流程范本", "按现行法律写好环节、时限、依据和相对人权利，照实修改。"),
    ("empty", "空图", "只有开始和结束两个环节，逐个增加。"),
    ("outline", "粘贴的文字流程", "一行一个环节，系统按先后次序连接。"),
    ("copy", "照抄已有的流程图", "环节和走向全部抄来，改名后另立一张。"),
)
MAX_MODELS = 500


@dataclass(frozen=True)
class NewFlowPage:
    """What the screen shows; options are (value, words) or (value, words, help)."""

    audiences: tuple[tuple[str, str], ...]
    series: tuple[tuple[str, str], ...]
    sections: tuple[tuple[str, str], ...]
    models: tuple[tuple[str, str], ...]
    samples: tuple[tuple[str, str, str], ...]
    starts: tuple[tuple[str, str, str], ...] = STARTS


def new_flow_page(session: Session, *, viewer: Actor) -> NewFlowPage:
    """Return the page; three queries."""
    numbers = next_numbers(session)
    own = [(each.name, each.name) for each in section_names(session) if each.id in viewer.own_sections]
    models = session.execute(
        select(Listing.record_id, Listing.code, Listing.name)
        .where(Listing.kind == "flow", visible_to(viewer))
        .order_by(Listing.sort_key, Listing.record_id)
        .limit(MAX_MODELS),
    )
    return NewFlowPage(
        audiences=tuple(AUDIENCES.items()),
        series=(("", "请选择"), *((key, f"{words}(下一号 {numbers[key]})") for key, words in SERIES)),
        sections=tuple(own),
        samples=tuple(_sample(chart) for chart in starting_charts()),
        models=(("", "请选择"), *((str(row.record_id), f"{row.code} {row.name}") for row in models)),
    )


def _sample(chart: StartingChart) -> tuple[str, str, str]:
    steps = len(chart.body(clock.today(), section="")["steps"])
    return chart.key, f"{chart.name}({steps}个环节)", f"{chart.about}。"
