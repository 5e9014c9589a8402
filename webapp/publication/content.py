"""What an edition consists of, as plain frozen values: the only thing the builder of a bundle ever sees.

Whatever is not in here cannot be in a bundle. The operations fill it from approvals; tests and the demonstration fill
it from `catalogue.jsonl`. Bodies are plain dicts in the shape and key order of the contract.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Audience = Literal["public", "bureau"]
ChangeKind = Literal["added", "changed", "removed"]


@dataclass(frozen=True)
class ApprovalLine:
    """One level's approval: stage (key or words), the post that signed (never a person), ISO date, document number."""

    stage: str
    post: str
    date: str
    document: str = ""


@dataclass(frozen=True)
class HistoryLine:
    """What became of an item in an edition: its number, ISO date, kind of change, the item's public digest then."""

    edition: int
    date: str
    kind: ChangeKind
    public_digest: str = ""


@dataclass(frozen=True)
class PublicPower:
    """A power as approved.

    `entry` holds the fields of the contract for this audience in its order, without `code`: the code is given at
    approval, and `public_digest` is the SHA-256 of the entry's canonical form.
    """

    code: str
    entry: Mapping[str, Any]
    public_digest: str
    approvals: tuple[ApprovalLine, ...] = ()
    history: tuple[HistoryLine, ...] = ()


@dataclass(frozen=True)
class PublicFlow:
    """A chart as approved.

    `chart` is the whole body for this audience with its number, `public_digest` the SHA-256 of its canonical form,
    `svg` the stored drawing of that body, None where it could not be drawn (the step table then stands alone).
    """

    number: str
    chart: Mapping[str, Any]
    public_digest: str
    approvals: tuple[ApprovalLine, ...] = ()
    svg: str | None = None


@dataclass(frozen=True)
class Section:
    """A section that an edition names: its name as in the entries, and the word in its address."""

    name: str
    slug: str
    former: tuple[str, ...] = ()  # names that entries approved earlier still say; shown under this section

    @property
    def names(self) -> frozenset[str]:
        """Every name by which an entry may mean it."""
        return frozenset({self.name, *self.former})


@dataclass(frozen=True)
class Change:
    """One difference from the edition before; `date` is ISO."""

    kind: ChangeKind
    code: str
    name: str
    date: str


@dataclass(frozen=True)
class EarlierEdition:
    """An edition before this one: number, ISO date, digest of its manifest.

    `replaced`: the digests its manifest had before its bundle was stored anew for a withdrawal, the oldest first.
    """

    number: int
    date: str
    manifest_digest: str
    replaced: tuple[str, ...] = ()


@dataclass(frozen=True)
class EditionContent:
    """Everything of one edition.

    `index_prefix` is the bureau's part of an index number (014139054), to which year and code or edition number are
    added; `document` the number of the document by which the catalogue was approved; `public_url` the address of the
    public site without a slash at its end, for QR codes and the feed; `contacts`, `synonyms`, `who_handles` hold rows
    in the shape of `directory.json`, `synonyms.csv`, `who-handles.csv`; `notices` a neutral sentence by withdrawn code;
    `remark` a line above every page (示范数据); `has_new_contacts` says that a telephone, a place or hours were
    corrected since the edition before, which moves no digest of a power; `replaces` the digests of the manifests that
    this one takes the place of, the oldest first, where the bundle is stored anew for a withdrawal.
    """

    bureau_name: str
    audience: Audience
    number: int
    date: str
    document: str
    index_prefix: str
    public_url: str
    powers: tuple[PublicPower, ...]
    flows: tuple[PublicFlow, ...]
    sections: tuple[Section, ...]
    contacts: Mapping[str, Mapping[str, Any]]
    previous_manifest_digest: str | None = None
    synonyms: tuple[Mapping[str, str], ...] = ()
    who_handles: tuple[Mapping[str, str], ...] = ()
    changes: tuple[Change, ...] = ()
    earlier_editions: tuple[EarlierEdition, ...] = ()
    notices: Mapping[str, str] = field(default_factory=dict)
    remark: str = ""
    has_new_contacts: bool = False
    replaces: tuple[str, ...] = ()
