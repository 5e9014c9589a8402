"""The report that goes with a package (清理工作情况报告): five parts, the figures counted, the rest written. Pure."""

import json
from collections.abc import Iterable, Mapping

from webapp.campaigns.counting import Tally, count, identity_of
from webapp.powers.categories import category_label

TRUTH = "以上内容真实、完整，已逐项核对事项、依据、程序、流程图和公开内容、形式、范围，由本科室负责。"
NIL = "经清理，本科室无此类职权"
APPEARED = "已登记该类职权，零报告自动失效。"
# Key, heading, what belongs there (papers.md, 表2附).
PARTS = (
    ("organisation", "一、组织情况", "动员学习、分工、参加培训的情况。"),
    ("results", "二、清理结果", "数字由系统统计，需要说明的写在这里。"),
    ("problems", "三、存在问题", "职责不到位、越位事项及整改安排。"),
    ("withheld", "四、不公开事项说明", "不公开或暂时不宜公开的依据、理由，不写涉密内容。"),
    ("next", "五、下步打算", "下一步的工作安排。"),
)
PART_KEYS = tuple(key for key, _, _ in PARTS)
MAX_PART = 4000


def read_report(text: str) -> dict[str, str]:
    """Return the texts of a kept report by part; parts not written are empty."""
    kept: Mapping[str, str] = json.loads(text)
    return {key: kept.get(key, "") for key in PART_KEYS}


def figures(tallies: Iterable[Tally], nil_categories: Iterable[str]) -> str:
    """Return the sentence of figures of a section: from the count every paper uses."""
    counted = tuple(tallies)
    identity = identity_of(counted)
    outside, inside = (count(counted, direction=key) for key in ("external", "internal"))
    there, lacking, over = (count(counted, verdict=key) for key in ("in_place", "missing", "overreach"))
    open_to = f"社会公开{identity.public}项、机关内部公开{identity.bureau}项、不公开{identity.withheld}项"
    parts = [
        f"共清理职权{identity.total}项，其中对外{outside}项、对内{inside}项",
        f"职责到位{there}项、不到位{lacking}项、越位{over}项",
        f"{open_to}、待定{identity.pending}项、停止{identity.stopped}项",
    ]
    if nil := [category_label(key) for key in nil_categories]:
        parts.append(f"{'、'.join(nil)}共{len(nil)}类作零报告")
    return "；".join(parts) + "。"
