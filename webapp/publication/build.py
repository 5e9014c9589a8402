"""Building a bundle: content in, files out. Pure and deterministic: the same content gives the same bytes everywhere.

Every address of the contract is made here; the manifest comes last and lists all others. Links are relative and name
`index.html`, so that the folder works from a web server and from a stick alike.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from markupsafe import Markup

from webapp.bundle import manifest as manifests
from webapp.bundle import search_data as search_files
from webapp.bundle.manifest import ApprovedItem, FileEntry, Manifest
from webapp.digests import sha256_hex
from webapp.powers.categories import Category, category_label, in_tree
from webapp.publication import gate, tables
from webapp.publication.charts import check_drawing, embed, step_rows
from webapp.publication.codes import qr_svg
from webapp.publication.content import ApprovalLine, EditionContent, PublicFlow, PublicPower
from webapp.publication.feed import feed
from webapp.publication.ordering import chart_in_order, entry_in_order
from webapp.publication.rendering import ROOT, Site, digest_html
from webapp.publication.search_data import search_data
from webapp.publication.views import address_of, approval_rows, contact_view, list_row, power_view
from webapp.publication.wording import AUDIENCES, CHANGES, PROCEDURES, limit_text

PAGE_ROWS = 50
ASSETS = {
    "assets/public.css": "static/css/public.css",
    "assets/public-search.js": "static/js/public-search.js",
    "assets/mark.svg": "static/public-mark.svg",
}
EXAMPLES = ("半夜施工", "饭店油烟", "偷排", "环评", "排污许可", "危废", "罚款太重", "投诉")
_OURS = {"yes": "归本局管", "no": "不归本局管", "part": "本局管一部分"}

File = tuple[str, bytes]


def build_bundle(content: EditionContent) -> Iterator[File]:
    """Yield the files of an edition as (path, bytes), the manifest last.

    Raise RuleBroken, before anything is yielded, when the content holds what its audience may not see or what was not
    approved as it stands.
    """
    gate.check(content)
    for flow in content.flows:
        if flow.svg is not None:
            check_drawing(flow.number, flow.svg)
    powers = sorted(content.powers, key=lambda power: power.code)
    flows = sorted(content.flows, key=lambda flow: flow.number)
    ordered = replace(
        content,
        powers=tuple(replace(power, entry=entry_in_order(power.entry)) for power in powers),
        flows=tuple(replace(flow, chart=chart_in_order(flow.chart)) for flow in flows),
    )
    entries: list[FileEntry] = []
    builder = _Builder(ordered)
    for path, raw in builder.files():
        entries.append(FileEntry(path, sha256_hex(raw), len(raw)))
        yield path, raw
    yield manifests.PATH, manifests.write(builder.manifest(entries))


class _Builder:
    """Holds what several pages of one edition share."""

    def __init__(self, content: EditionContent) -> None:
        self.content = content
        self.site = Site(content)
        self.search = search_data(content)
        self.served: dict[str, list[PublicPower]] = {flow.number: [] for flow in content.flows}
        for power in content.powers:
            for number in power.entry["flows"]:
                self.served[number].append(power)
        self.charts = {flow.number: self._chart(flow) for flow in content.flows}
        self.hotlines = [contact_view(c) for c in content.contacts.values() if c["kind"] == "hotline"]
        self.hotlines += [contact_view(c) for c in self._supervision()]
        self.first = content.number == 1 and not content.earlier_editions

    def _supervision(self) -> list[Any]:
        """Return the telephones for complaints that the entries of this edition name, in the directory's order."""
        named = {power.entry["supervision_contact"] for power in self.content.powers}
        return [contact for key, contact in self.content.contacts.items() if key in named]

    def _chart(self, flow: PublicFlow) -> dict[str, Any]:
        chart = flow.chart
        anchor = address_of(flow.number).replace("%", "")
        return {
            "number": flow.number,
            "anchor": anchor,
            "address": address_of(flow.number),
            "name": chart["name"],
            "procedure": PROCEDURES.get(chart["procedure"], chart["procedure"]),
            "limit": limit_text(chart["total_limit"]),
            "start": (chart["total_limit"] or {}).get("start", ""),
            "svg": None if flow.svg is None else embed(flow.svg, anchor),
            "has_svg": flow.svg is not None,
            "count": len(chart["steps"]),
            "table": self.site.fragment("steps", steps=step_rows(chart), name=chart["name"]),
        }

    def files(self) -> Iterator[File]:
        for path, source in ASSETS.items():
            yield path, (ROOT / source).read_bytes()
        yield search_files.PATH, search_files.write(self.search)
        yield from self.plain_pages()
        yield from self.lists()
        yield from self.powers()
        yield from self.flows()
        yield "feed.xml", feed(self.content)
        yield "data/catalogue.jsonl", tables.jsonl(self.content)
        yield "data/catalogue.json", tables.catalogue_json(self.content)
        yield "data/catalogue.csv", tables.catalogue_csv(self.content)
        yield "data/catalogue.xlsx", tables.catalogue_xlsx(self.content)

    def plain_pages(self) -> Iterator[File]:
        content, page = self.content, self.site.page
        name = f"{content.bureau_name}职权公开目录"
        nuisances = self.nuisances()
        changed: dict[str, Any] = {
            "changes": self.changes(),
            "first": self.first,
            "new_contacts": content.has_new_contacts,
        }
        words = [word for word in EXAMPLES if any(word in known for known in self.search.known)]
        summary = f"{name}{AUDIENCES[content.audience]}第{content.number}号，共{len(content.powers)}项职权"
        yield (
            "index.html",
            page(
                "home",
                "index.html",
                "首页",
                summary,
                total=len(content.powers),
                groups=self.groups(),
                sections=self.section_lines(),
                nuisances=nuisances,
                hotlines=self.hotlines,
                **changed,
                examples=words,
            ),
        )
        yield "search/index.html", page("search", "search/index.html", "查职权", f"{name}检索")
        path = "who-handles/index.html"
        yield path, page("who_handles", path, "谁来管", "常见污染和扰民问题的主管部门", nuisances=nuisances)
        path = "changes/index.html"
        yield path, page("changes", path, "本版变更", f"{name}与上一版相比的变更", **changed)
        path = "editions/index.html"
        editions = sorted(content.earlier_editions, key=lambda edition: -edition.number)
        yield path, page("editions", path, "历次公开版", f"{name}历次公开版及清单校验码", editions=editions)
        path = "check/index.html"
        previous = content.previous_manifest_digest
        yield path, page("check", path, "怎样核对", "核对本版的方法", previous=previous, hotlines=self.hotlines)
        for code, notice in sorted(content.notices.items()):
            path = f"powers/{code}/index.html"
            ended = content.date
            yield path, page("notice", path, f"{code} 已撤下", "该事项已撤下", ended=ended, code=code, notice=notice)

    def changes(self) -> list[dict[str, str]]:
        here = {power.code for power in self.content.powers}
        return [
            {
                "label": CHANGES[change.kind],
                "code": change.code,
                "name": change.name,
                "date": change.date,
                "href": f"powers/{address_of(change.code)}/index.html" if change.code in here else "",
            }
            for change in self.content.changes
        ]

    def nuisances(self) -> list[dict[str, Any]]:
        return [
            {
                "anchor": f"n{number}",
                "topic": row.topic,
                "words": "、".join(row.words),
                "body": row.body,
                "ours": _OURS.get(row.ours, ""),
                "section": row.section,
                "basis": row.basis,
                "note": row.note,
                "powers": [(code, name, address_of(code)) for code, name in row.powers],
            }
            for number, row in enumerate(self.search.nuisances, start=1)
        ]

    def groups(self) -> list[dict[str, Any]]:
        """Return the contents of the register: groups of several categories apart, the others in one list."""
        groups: list[dict[str, Any]] = []
        single: list[dict[str, Any]] = []
        for _, name, categories in in_tree():
            counts = [(kind, len(self.in_category(kind))) for kind in categories]
            lines = [{"slug": kind.slug, "name": kind.name, "count": count} for kind, count in counts if count]
            if len(categories) == 1:
                single += lines
            elif lines:
                groups.append({"name": name, "count": sum(line["count"] for line in lines), "lines": lines})
        if single:
            total = sum(line["count"] for line in single)
            groups.append({"name": "收费、决策、人事、财物和其他职权", "count": total, "lines": single})
        return groups

    def in_category(self, kind: Category) -> list[PublicPower]:
        return [power for power in self.content.powers if power.entry["category"] == kind.key]

    def in_section(self, names: frozenset[str]) -> list[PublicPower]:
        return [p for p in self.content.powers if names & {p.entry["section"], *p.entry["joint_sections"]}]

    def section_lines(self) -> list[dict[str, Any]]:
        lines = [(section, len(self.in_section(section.names))) for section in self.content.sections]
        return [{"slug": section.slug, "name": section.name, "count": count} for section, count in lines if count]

    def lists(self) -> Iterator[File]:
        for group, kinds in ((name, kinds) for _, name, kinds in in_tree()):
            for kind in kinds:
                rows = [list_row(power, power.entry["section"]) for power in self.in_category(kind)]
                yield from self.pages_of(f"categories/{kind.slug}/", group, kind.name, "承办科室", kind.about, rows)
        for section in self.content.sections:
            found = self.in_section(section.names)
            rows = [list_row(power, category_label(power.entry["category"])) for power in found]
            about = "包括牵头和协办的职权。"
            yield from self.pages_of(f"sections/{section.slug}/", "承办科室", section.name, "类别", about, rows)

    def pages_of(
        self, base: str, kind: str, heading: str, column: str, about: str, rows: Sequence[dict[str, str]]
    ) -> Iterator[File]:
        """Yield the pages of a list; a list without powers has none, so that it tells nothing."""
        pages = -(-len(rows) // PAGE_ROWS)
        for number in range(1, pages + 1):
            path = f"{base}index.html" if number == 1 else f"{base}page/{number}/index.html"
            shown = rows[(number - 1) * PAGE_ROWS : number * PAGE_ROWS]
            yield (
                path,
                self.site.page(
                    "listing",
                    path,
                    heading if number == 1 else f"{heading} 第{number}页",
                    f"{heading}职权{len(rows)}项",
                    kind=kind,
                    heading=heading,
                    column=column,
                    about=about,
                    total=len(rows),
                    page_number=number,
                    pages=pages,
                    base=base,
                    rows=shown,
                ),
            )

    def powers(self) -> Iterator[File]:
        content = self.content
        folded, opened = self.blocks("../../", folded=True), self.blocks("../../../", folded=False)
        for power in content.powers:
            view = power_view(power, content.contacts)
            path = f"powers/{power.code}/"
            view["digest"] = digest_html(power.public_digest)
            view["url"] = f"{content.public_url}/powers/{view['address']}/"
            view["charts"] = [folded[number] for number in power.entry["flows"]]
            view["charts_open"] = [opened[number] for number in power.entry["flows"]]
            summary = f"{view['name']}的依据、条件、流程、时限、收费和相对人权利"
            index, made = self.site.index_number(power.code), _last_day(power.approvals)
            for template, name, title in (
                ("power", f"{path}index.html", view["name"]),
                ("power_print", f"{path}print/index.html", f"{view['name']}(打印版)"),
            ):
                yield name, self.site.page(template, name, title, summary, index=index, made=made, power=view)
            yield f"{path}qr.svg", qr_svg(f"{content.public_url}/powers/", view["address"])

    def blocks(self, root: str, *, folded: bool, linked: bool = True) -> dict[str, Markup]:
        """Return each chart as it stands inside a page of this depth: made once, however many powers it serves."""
        return {
            number: self.site.fragment("chart", root=root, chart=chart, folded=folded, linked=linked)
            for number, chart in self.charts.items()
        }

    def flows(self) -> Iterator[File]:
        blocks = self.blocks("../../", folded=False, linked=False)
        for flow in self.content.flows:
            path = f"flows/{flow.number}/index.html"
            view = self.charts[flow.number] | {
                "approvals": approval_rows(flow.approvals),
                "digest": digest_html(flow.public_digest),
            }
            serves = [
                {"code": p.code, "address": address_of(p.code), "name": p.entry["name"]}
                for p in self.served[flow.number]
            ]
            yield (
                path,
                self.site.page(
                    "flow",
                    path,
                    f"{view['name']}流程图",
                    f"{view['name']}服务流程图，适用职权{len(serves)}项",
                    index=self.site.index_number(flow.number),
                    made=_last_day(flow.approvals),
                    flow=view,
                    block_html=blocks[flow.number],
                    powers=serves,
                ),
            )
            if flow.svg is not None:
                yield f"flows/{flow.number}/flow.svg", flow.svg.encode()

    def manifest(self, entries: Iterable[FileEntry]) -> Manifest:
        content = self.content
        metadata = {
            "索引号": self.site.index_number(),
            "内容概述": f"{content.bureau_name}职权公开目录{AUDIENCES[content.audience]}第{content.number}号",
            "发布机构": content.bureau_name,
            "文件编号": content.document,
            "生成日期": content.date,
            "公开日期": content.date,
            "废止日期": "",
            "有效": "是",
        }
        return Manifest(
            bureau=content.bureau_name,
            audience=content.audience,
            edition=content.number,
            date=content.date,
            document=content.document,
            previous_manifest=content.previous_manifest_digest,
            replaces=content.replaces,
            metadata=metadata,
            powers=tuple(_approved(p.code, p.public_digest, p.approvals) for p in content.powers),
            flows=tuple(_approved(f.number, f.public_digest, f.approvals) for f in content.flows),
            files=tuple(entries),
        )


def _approved(name: str, digest: str, lines: Iterable[ApprovalLine]) -> ApprovedItem:
    rows = tuple({"stage": a.stage, "post": a.post, "date": a.date, "document": a.document} for a in lines)
    return ApprovedItem(name, digest, rows)


def _last_day(lines: Sequence[ApprovalLine]) -> str | None:
    return max((line.date for line in lines), default=None)
