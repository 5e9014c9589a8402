"""Who may do what: roles, permissions, the grants between them and the actor they are asked for.

Pure. A route declares one permission; an operation asks again where the object matters. Rights come from the person's
current terms of office, so they end with the term at the next request.
"""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """A function somebody holds in the bureau, for one section or for the whole bureau."""

    CLERK = "clerk"
    CHIEF = "chief"
    OFFICE = "office"
    LEGAL = "legal"
    SECRECY = "secrecy"
    PUBLISHER = "publisher"
    LEADER = "leader"
    DEPUTY = "deputy"
    MEMBER = "member"
    INSPECTOR = "inspector"
    SYSADMIN = "sysadmin"
    SECADMIN = "secadmin"
    AUDITOR = "auditor"
    CITY_OFFICE = "cityoffice"
    CITY_GROUP = "citygroup"


SECTION_ROLES = frozenset({Role.CLERK, Role.CHIEF})
ADMINISTRATORS = frozenset({Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR})
# They see every section's submitted work; drafts stay with the section.
BUREAU_WIDE = frozenset(
    {Role.OFFICE, Role.LEGAL, Role.SECRECY, Role.PUBLISHER, Role.LEADER, Role.DEPUTY, Role.MEMBER, Role.INSPECTOR},
)
OUTSIDE = frozenset({Role.CITY_OFFICE, Role.CITY_GROUP})


class Permission(StrEnum):
    """What a route or operation needs."""

    PUBLIC = "public"  # anybody, signed in or not: the sign-in page, the health check
    SIGNED_IN = "signed_in"
    SEE_CATALOGUE = "see_catalogue"
    SEE_RECORDS = "see_records"
    EDIT_DRAFTS = "edit_drafts"
    IMPORT_RECORDS = "import_records"
    EXPORT_CATALOGUE = "export_catalogue"
    REVIEW = "review"
    RECORD_DECISIONS = "record_decisions"
    NAME_REVIEWER = "name_reviewer"
    ADOPT_CATALOGUE = "adopt_catalogue"
    SEE_WITHHOLDINGS = "see_withholdings"
    REQUEST_WITHHOLDING = "request_withholding"
    SEE_EDITIONS = "see_editions"
    PREPARE_EDITION = "prepare_edition"
    RELEASE_EDITION = "release_edition"
    SEE_LAWS = "see_laws"
    KEEP_LAWS = "keep_laws"
    EDIT_SHARED_CLAUSES = "edit_shared_clauses"
    SEE_JOURNAL = "see_journal"
    SEE_SECURITY_LOG = "see_security_log"
    MANAGE_ACCOUNTS = "manage_accounts"
    MANAGE_RIGHTS = "manage_rights"
    SEE_ORGANISATION = "see_organisation"
    MANAGE_CAMPAIGN = "manage_campaign"
    MAKE_PAPERS = "make_papers"
    MANAGE_ORGANISATION = "manage_organisation"
    HAND_OVER = "hand_over"
    MANAGE_SETTINGS = "manage_settings"
    INSPECT = "inspect"
    WORK_ON_ORDERS = "work_on_orders"
    DRAFT_ORDERS = "draft_orders"
    KEEP_DIRECTORY = "keep_directory"
    RECORD_DIALLING = "record_dialling"
    SEE_COMPLAINTS = "see_complaints"
    TAKE_COMPLAINTS = "take_complaints"
    HANDLE_ELSEWHERE = "handle_elsewhere"
    SEE_TRAINING = "see_training"
    MANAGE_TRAINING = "manage_training"
    ANSWER_GUIDANCE = "answer_guidance"
    SEE_MATTERS = "see_matters"
    ENTER_MATTERS = "enter_matters"


_BUREAU = frozenset(Role) - OUTSIDE
_WORKING = _BUREAU - ADMINISTRATORS
_SECTION_OFFICE = frozenset({Role.CLERK, Role.CHIEF, Role.OFFICE})
_REVIEWERS = frozenset({Role.CLERK, Role.CHIEF, Role.OFFICE, Role.LEGAL, Role.SECRECY, Role.PUBLISHER, Role.DEPUTY})

GRANTS: dict[Permission, frozenset[Role]] = {
    Permission.SEE_CATALOGUE: _BUREAU,
    Permission.SEE_RECORDS: _WORKING,
    Permission.EDIT_DRAFTS: SECTION_ROLES,
    Permission.IMPORT_RECORDS: _SECTION_OFFICE,
    Permission.EXPORT_CATALOGUE: _SECTION_OFFICE,
    Permission.REVIEW: _REVIEWERS,
    Permission.RECORD_DECISIONS: frozenset({Role.OFFICE}),
    Permission.NAME_REVIEWER: frozenset({Role.DEPUTY}),
    Permission.ADOPT_CATALOGUE: frozenset({Role.OFFICE}),
    Permission.SEE_WITHHOLDINGS: frozenset(
        # legal review has a seat at the office's stage of a withholding too
        {Role.CLERK, Role.CHIEF, Role.OFFICE, Role.LEGAL, Role.SECRECY, Role.LEADER, Role.DEPUTY, Role.MEMBER},
    ),
    Permission.REQUEST_WITHHOLDING: SECTION_ROLES,
    Permission.SEE_EDITIONS: frozenset({Role.OFFICE, Role.PUBLISHER, Role.SECRECY, Role.LEADER, Role.DEPUTY}),
    Permission.PREPARE_EDITION: frozenset({Role.OFFICE}),
    Permission.RELEASE_EDITION: frozenset({Role.PUBLISHER}),
    Permission.SEE_LAWS: _BUREAU,
    Permission.KEEP_LAWS: frozenset({Role.OFFICE, Role.LEGAL}),
    Permission.EDIT_SHARED_CLAUSES: SECTION_ROLES,
    Permission.SEE_JOURNAL: frozenset({Role.AUDITOR}),
    Permission.SEE_SECURITY_LOG: frozenset({Role.AUDITOR}),
    Permission.MANAGE_ACCOUNTS: frozenset({Role.SYSADMIN}),
    Permission.MANAGE_RIGHTS: frozenset({Role.SECADMIN}),
    Permission.SEE_ORGANISATION: _BUREAU,
    Permission.MANAGE_CAMPAIGN: frozenset({Role.OFFICE}),
    Permission.MAKE_PAPERS: _SECTION_OFFICE | {Role.LEADER, Role.DEPUTY},
    Permission.MANAGE_ORGANISATION: frozenset({Role.SYSADMIN}),
    Permission.HAND_OVER: _WORKING,
    Permission.MANAGE_SETTINGS: frozenset({Role.SYSADMIN}),
    # who plans, carries out and records inspections; the host section is inspected by 局办公室 (practice.md)
    Permission.INSPECT: frozenset({Role.INSPECTOR, Role.OFFICE, Role.PUBLISHER}),
    # sections answer, the office, inspectors and (for the host section) 局办公室 supervise, heads sign
    Permission.WORK_ON_ORDERS: frozenset(
        {Role.CLERK, Role.CHIEF, Role.OFFICE, Role.INSPECTOR, Role.PUBLISHER, Role.LEADER, Role.DEPUTY}
    ),
    Permission.DRAFT_ORDERS: frozenset({Role.OFFICE, Role.INSPECTOR, Role.PUBLISHER}),
    Permission.KEEP_DIRECTORY: frozenset({Role.OFFICE, Role.PUBLISHER}),
    # whoever answers for a number may say that he dialled it; inspectors dial on their rounds
    Permission.RECORD_DIALLING: frozenset({Role.CLERK, Role.CHIEF, Role.OFFICE, Role.PUBLISHER, Role.INSPECTOR}),
    # which complaints: `complaints.reading.visible_to`; anybody at work may be given one to look into
    Permission.SEE_COMPLAINTS: _WORKING,
    # whoever answers telephone, post or mailbox; the leading group where the office itself is complained of
    Permission.TAKE_COMPLAINTS: frozenset(
        {Role.OFFICE, Role.PUBLISHER, Role.INSPECTOR, Role.LEADER, Role.DEPUTY, Role.MEMBER},
    ),
    Permission.HANDLE_ELSEWHERE: frozenset({Role.OFFICE, Role.LEADER, Role.DEPUTY}),
    Permission.SEE_TRAINING: _WORKING,
    Permission.MANAGE_TRAINING: frozenset({Role.OFFICE}),
    Permission.ANSWER_GUIDANCE: frozenset({Role.OFFICE, Role.LEGAL}),
    Permission.SEE_MATTERS: _WORKING,
    Permission.ENTER_MATTERS: _SECTION_OFFICE,
}


@dataclass(frozen=True)
class Grant:
    """A role somebody holds now; `section` is None where it is for the whole bureau."""

    role: Role
    section: int | None = None


@dataclass(frozen=True)
class Actor:
    """The person who acts, with the rights of this moment."""

    account: int
    person: int
    name: str
    username: str
    post: str = ""
    grants: frozenset[Grant] = frozenset()
    sections: frozenset[int] = frozenset()  # every section in which the person holds a post now

    @property
    def roles(self) -> frozenset[Role]:
        """The roles held, for whatever section."""
        return frozenset(grant.role for grant in self.grants)

    def has(self, role: Role, section: int | None = None) -> bool:
        """Say whether the person holds a role, for that section if one is given."""
        return any(grant.role is role and (section is None or grant.section == section) for grant in self.grants)

    def may(self, permission: Permission) -> bool:
        """Say whether any role of the person carries the permission."""
        if permission in {Permission.PUBLIC, Permission.SIGNED_IN}:
            return True
        return bool(GRANTS[permission] & self.roles)

    @property
    def own_sections(self) -> frozenset[int]:
        """Sections whose drafts the person sees: those he is clerk or chief of."""
        return frozenset(g.section for g in self.grants if g.role in SECTION_ROLES and g.section is not None)

    @property
    def is_bureau_wide(self) -> bool:
        """Say whether the person sees the submitted work of every section."""
        return bool(self.roles & BUREAU_WIDE)
