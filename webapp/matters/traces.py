"""The four key areas, their kinds of matters, and the traces each must leave within how many working days. Pure.

Plan 四·3: 对人、财、物、事重点监督检查; supervision.md KeyMatter. Change the tables, nothing else knows them.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from webapp.workdays import Calendar

AREAS = (("people", "人"), ("money", "财"), ("goods", "物"), ("affairs", "事"))
AREA_WORDS = dict(AREAS)


@dataclass(frozen=True)
class Trace:
    """A paper or act that must be there, within so many working days after the decision."""

    key: str
    label: str
    days: int


@dataclass(frozen=True)
class MatterKind:
    """A kind of matter of an area; `basis` is what asks for its traces."""

    key: str
    area: str
    label: str
    basis: str
    traces: tuple[Trace, ...]


_DECISION = Trace("decision", "集体研究决定记录", 5)
KINDS = (
    MatterKind(
        "appointment", "people", "人事任免、调整", "党政领导干部选拔任用工作条例",
        (Trace("recommendation", "民主推荐或者考察记录", 5), _DECISION, Trace("notice", "任前公示", 10),
         Trace("document", "任职文件", 20)),
    ),
    MatterKind(
        "recruitment", "people", "人员招录、评优", "本局人事管理制度",
        (Trace("plan", "方案和条件公布", 5), _DECISION, Trace("notice", "结果公示", 10)),
    ),
    MatterKind(
        "spending", "money", "大额资金使用", "本局财务管理制度",
        (Trace("budget", "预算或者资金来源", 5), _DECISION, Trace("approval", "审批单", 5),
         Trace("receipt", "票据和支付凭证", 20)),
    ),
    MatterKind(
        "grant", "money", "专项资金分配", "环境保护专项资金管理办法",
        (Trace("application", "申报和评审材料", 10), _DECISION, Trace("notice", "分配结果公示", 10),
         Trace("check", "使用情况检查", 60)),
    ),
    MatterKind(
        "procurement", "goods", "物资和服务采购", "政府采购法",
        (Trace("method", "采购方式审批", 5), Trace("offers", "三方报价或者招标文件", 10),
         Trace("contract", "合同", 20), Trace("acceptance", "验收单", 60)),
    ),
    MatterKind(
        "disposal", "goods", "资产处置", "行政单位国有资产管理办法",
        (Trace("valuation", "评估报告", 10), _DECISION, Trace("approval", "主管部门批复", 20),
         Trace("entry", "账目核销凭证", 30)),
    ),
    MatterKind(
        "penalty", "affairs", "重大行政处罚", "行政处罚法",
        (Trace("review", "法制审核意见", 5), Trace("discussion", "集体讨论笔录", 5), Trace("hearing", "听证告知", 10),
         Trace("publication", "结果公开", 20)),
    ),
    MatterKind(
        "licence", "affairs", "重大建设项目审批", "行政许可法",
        (Trace("inspection", "现场核查记录", 10), _DECISION, Trace("publication", "受理和批复公示", 20)),
    ),
)  # fmt: skip
BY_KIND = {kind.key: kind for kind in KINDS}


def due_days(kind: MatterKind, decided_on: date, calendar: Calendar) -> dict[str, date]:
    """Return until when each trace has to be there."""
    return {trace.key: calendar.add_working_days(decided_on, trace.days) for trace in kind.traces}


def lacking(
    kind: MatterKind, decided_on: date, there: Collection[str], calendar: Calendar, today: date
) -> tuple[Trace, ...]:
    """Return the traces whose day is past and which are not there."""
    dues = due_days(kind, decided_on, calendar)
    return tuple(trace for trace in kind.traces if trace.key not in there and dues[trace.key] < today)
