"""The steps of a chart as rows of a spreadsheet, internal columns included. Pure."""

from collections.abc import Iterator
from typing import Any

from webapp.flows.kind import AUDIENCES, RISK_LEVELS, STEP_KINDS
from webapp.flows.words import Body, limit_words

STEP_HEADINGS = (
    "流程图号",
    "流程图名称",
    "范围",
    "环节",
    "环节名称",
    "类型",
    "承办部门",
    "承办岗位",
    "时限",
    "计入总时限",
    "条件",
    "依据",
    "文书",
    "监督制约",
    "风险点",
    "风险等级",
    "防控措施",
    "相对人权利",
    "去向",
)


def step_rows(body: Body) -> Iterator[list[str]]:
    """Yield a chart's steps in the order of `STEP_HEADINGS`; ways out are written 条件→环节, joined with `;`."""
    for step in body["steps"]:
        ways = [way for way in body["transitions"] if way["from"] == step["id"]]
        yield [
            body["number"],
            body["name"],
            AUDIENCES[body["audience"]],
            step["id"],
            step["name"],
            STEP_KINDS.get(step["kind"], step["kind"]),
            step["section"],
            step["post"],
            limit_words(step["limit"]) if step["limit"] else "",
            "是" if step["counts_towards_limit"] else "否",
            step["conditions"],
            ";".join(_basis(row) for row in step["basis"]),
            step["document"],
            step["control_point"],
            step["risk_point"],
            RISK_LEVELS.get(step["risk_level"], step["risk_level"]) if step["risk_level"] else "",
            step["measure"],
            step["rights"],
            ";".join(f"{way['condition']}→{way['to']}" for way in ways),
        ]


def _basis(row: dict[str, Any]) -> str:
    edition = f"({row['edition']})" if row.get("edition") else ""
    return f"《{row.get('law') or row.get('document', '')}》{edition}{row.get('article', '')}"
