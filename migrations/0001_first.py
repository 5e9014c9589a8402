"""First schema: people, journal, records, chain, editions, laws, directory, calendar.

Journal entries and revisions are immutable: triggers refuse to change or delete them, on both databases.
"""

import sqlalchemy as sa
from alembic import op

from webapp.db import PlainText, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

IMMUTABLE = ("journal_entry", "revision", "approval", "review_step", "time_limit_rule", "clock_change", "clock_overdue")
IMMUTABLE += ("finding_step", "order_feedback", "order_recheck", "order_step", "supervision_switch")
IMMUTABLE += ("complaint_step", "identity_look", "discipline_transfer", "training_attendance", "training_result")
IMMUTABLE += ("matter_trace", "matter_lack")
IMMUTABLE += ("file", "checklist_content", "inspection_signature", "inspection_step")
IMMUTABLE += ("supervision_record", "supervision_addendum")


def upgrade() -> None:
    op.create_table(
        "article_successor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("from_law", PlainText(), nullable=False),
        sa.Column("from_edition", PlainText(), nullable=False),
        sa.Column("from_article", PlainText(), nullable=False),
        sa.Column("to_law", PlainText(), nullable=False),
        sa.Column("to_edition", PlainText(), nullable=False),
        sa.Column("to_article", PlainText(), nullable=False),
        sa.Column("change", PlainText(), nullable=False),
        sa.Column("is_substantive", sa.Boolean(), nullable=False),
        sa.Column("is_checked", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_successor")),
    )
    op.create_table(
        "calendar_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_working", sa.Boolean(), nullable=False),
        sa.Column("name", PlainText(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_day")),
    )
    op.create_table(
        "checklist_content",
        sa.Column("digest", PlainText(), nullable=False),
        sa.Column("content", PlainText(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_checklist_content")),
    )
    op.create_table(
        "journal_entry",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("account", sa.Integer(), nullable=True),
        sa.Column("person", sa.Integer(), nullable=True),
        sa.Column("action", PlainText(), nullable=False),
        sa.Column("subject", PlainText(), nullable=False),
        sa.Column("facts", PlainText(), nullable=False),
        sa.Column("previous", PlainText(), nullable=False),
        sa.Column("hash", PlainText(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_journal_entry")),
        sa.UniqueConstraint("hash", name=op.f("uq_journal_entry_hash")),
        sa.UniqueConstraint("previous", name=op.f("uq_journal_entry_previous")),
    )
    op.create_index(op.f("ix_journal_entry_subject"), "journal_entry", ["subject"], unique=False)
    op.create_table(
        "journal_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", PlainText(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_journal_head_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_head")),
    )
    op.create_table(
        "law",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", PlainText(), nullable=False),
        sa.Column("full_name", PlainText(), nullable=False),
        sa.Column("rank", PlainText(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_law")),
        sa.UniqueConstraint("name", name=op.f("uq_law_name")),
    )
    op.create_table(
        "lease",
        sa.Column("name", PlainText(), nullable=False),
        sa.Column("owner", PlainText(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", PlainText(), nullable=False),
        sa.Column("note", PlainText(), nullable=False),
        sa.Column("number", PlainText(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("number", name=op.f("uq_person_number")),
    )
    op.create_table(
        "public_words",
        sa.Column("key", PlainText(), nullable=False),
        sa.Column("rows", PlainText(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_public_words")),
    )
    op.create_table(
        "section",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", PlainText(), nullable=False),
        sa.Column("slug", PlainText(), nullable=False),
        sa.Column("kind", PlainText(), nullable=False),
        sa.Column("contact", PlainText(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("successor_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind IN ('leadership', 'section', 'committee', 'outside')", name=op.f("ck_section_kind")),
        sa.ForeignKeyConstraint(["successor_id"], ["section.id"], name=op.f("fk_section_successor_id_section")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_section")),
        sa.UniqueConstraint("name", name=op.f("uq_section_name")),
        sa.UniqueConstraint("slug", name=op.f("uq_section_slug")),
    )
    op.create_table(
        "security_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("kind", PlainText(), nullable=False),
        sa.Column("account", sa.Integer(), nullable=True),
        sa.Column("address", PlainText(), nullable=False),
        sa.Column("detail", PlainText(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_security_event")),
    )
    op.create_index(op.f("ix_security_event_at"), "security_event", ["at"], unique=False)
    op.create_table(
        "time_limit_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", PlainText(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("label", PlainText(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("unit", PlainText(), nullable=False),
        sa.Column("start_event", PlainText(), nullable=False),
        sa.Column("basis", PlainText(), nullable=False),
        sa.Column("kind", PlainText(), nullable=False),
        sa.Column("pauses", PlainText(), nullable=False),
        sa.Column("ext_max_n", sa.Integer(), nullable=False),
        sa.Column("ext_max_times", sa.Integer(), nullable=False),
        sa.Column("rolls", sa.Boolean(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('statutory', 'promised', 'step', 'internal')", name=op.f("ck_time_limit_rule_kind")
        ),
        sa.CheckConstraint(
            "unit IN ('hour', 'working_day', 'day', 'month', 'year')", name=op.f("ck_time_limit_rule_unit")
        ),
        sa.CheckConstraint("n > 0", name=op.f("ck_time_limit_rule_number")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_time_limit_rule")),
        sa.UniqueConstraint("key", "version", name=op.f("uq_time_limit_rule_key_version")),
    )
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("username", PlainText(), nullable=False),
        sa.Column("password_hash", PlainText(), nullable=False),
        sa.Column("password_set_at", UtcDateTime(), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("failed_attempts", sa.Integer(), nullable=False),
        sa.Column("locked_until", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_account_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("person_id", name=op.f("uq_account_person_id")),
        sa.UniqueConstraint("username", name=op.f("uq_account_username")),
    )
    op.create_table(
        "batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stage", PlainText(), nullable=False),
        sa.Column("form", PlainText(), nullable=False),
        sa.Column("document", PlainText(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("note", PlainText(), nullable=False),
        sa.Column("state", PlainText(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("verified_by", sa.Integer(), nullable=True),
        sa.Column("verified_at", UtcDateTime(), nullable=True),
        sa.Column("request_key", PlainText(), nullable=True),
        sa.CheckConstraint(
            "form IN ('meeting', 'circulation', 'letter', 'authority', 'filing')", name=op.f("ck_batch_form")
        ),
        sa.CheckConstraint("state IN ('recorded', 'verified', 'refused')", name=op.f("ck_batch_state")),
        sa.CheckConstraint("verified_by IS NULL OR verified_by <> recorded_by", name=op.f("ck_batch_second_person")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_batch_recorded_by_person")),
        sa.ForeignKeyConstraint(["verified_by"], ["person.id"], name=op.f("fk_batch_verified_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
        sa.UniqueConstraint("request_key", name=op.f("uq_batch_request_key")),
    )
    op.create_table(
        "bureau",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", PlainText(), nullable=False),
        sa.Column("code_prefix", PlainText(), nullable=False),
        sa.Column("index_prefix", PlainText(), nullable=False),
        sa.Column("group_document", PlainText(), nullable=False),
        sa.Column("host_section_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_bureau_single")),
        sa.ForeignKeyConstraint(["host_section_id"], ["section.id"], name=op.f("fk_bureau_host_section_id_section")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bureau")),
    )
    op.create_table(
        "campaign",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", PlainText(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["opened_by"], ["person.id"], name=op.f("fk_campaign_opened_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
    )
    op.create_index(
        "uq_campaign_open",
        "campaign",
        ["is_open"],
        unique=True,
        sqlite_where=sa.text("is_open"),
        postgresql_where=sa.text("is_open"),
    )
    op.create_table(
        "checklist",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", PlainText(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", PlainText(), nullable=False),
        sa.Column("basis_note", PlainText(), nullable=False),
        sa.Column("content_digest", PlainText(), nullable=False),
        sa.Column("state", PlainText(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("reviewed_by", sa.Integer(), nullable=True),
        sa.Column("reason", PlainText(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=True),
        sa.Column("state_since", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'in_review', 'published', 'superseded', 'retired')", name=op.f("ck_checklist_state")
        ),
        sa.CheckConstraint("reviewed_by IS NULL OR reviewed_by <> author_id", name=op.f("ck_checklist_second_person")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_checklist_author_id_person")),
        sa.ForeignKeyConstraint(
            ["content_digest"], ["checklist_content.digest"], name=op.f("fk_checklist_content_digest_checklist_content")
        ),
        sa.ForeignKeyConstraint(["reviewed_by"], ["person.id"], name=op.f("fk_checklist_reviewed_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist")),
        sa.UniqueConstraint("slug", "number", name=op.f("uq_checklist_slug_number")),
    )
    op.create_table(
        "clock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rule_id", sa.Integer(), nullable=False),
        sa.Column("rule_key", PlainText(), nullable=False),
        sa.Column("subject_kind", PlainText(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=True),
        sa.Column("is_confidential", sa.Boolean(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("unit", PlainText(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("is_provisional", sa.Boolean(), nullable=False),
        sa.Column("state", PlainText(), nullable=False),
        sa.Column("met_on", sa.Date(), nullable=True),
        sa.Column("met_at", UtcDateTime(), nullable=True),
        sa.Column("void_reason", PlainText(), nullable=False),
        sa.CheckConstraint("state <> 'met' OR met_at IS NOT NULL", name=op.f("ck_clock_met")),
        sa.CheckConstraint("state IN ('running', 'paused', 'met', 'breached', 'void')", name=op.f("ck_clock_state")),
        sa.CheckConstraint("unit IN ('hour', 'working_day', 'day', 'month', 'year')", name=op.f("ck_clock_unit")),
        sa.ForeignKeyConstraint(["rule_id"], ["time_limit_rule.id"], name=op.f("fk_clock_rule_id_time_limit_rule")),
        sa.ForeignKeyConstraint(["section_id"], ["section.id"], name=op.f("fk_clock_section_id_section")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock")),
        sa.UniqueConstraint(
            "subject_kind",
            "subject_id",
            "rule_key",
            "cycle",
            name=op.f("uq_clock_subject_kind_subject_id_rule_key_cycle"),
        ),
    )
    op.create_index("ix_clock_due", "clock", ["state", "due_on"], unique=False)
    op.create_table(
        "dialling",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", PlainText(), nullable=False),
        sa.Column("phone", PlainText(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("result", PlainText(), nullable=False),
        sa.Column("note", PlainText(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("result IN ('right', 'wrong', 'silent')", name=op.f("ck_dialling_result")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_dialling_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dialling")),
    )
    op.create_index(op.f("ix_dialling_key"), "dialling", ["key"], unique=False)
    op.create_table(
        "directory_version",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("contacts", PlainText(), nullable=False),
        sa.Column("digest", PlainText(), nullable=False),
        sa.Column("is_approved", sa.Boolean(), nullable=False),
        sa.Column("edited_by", sa.Integer(), nullable=True),
        sa.Column("edited_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["edited_by"], ["person.id"], name=op.f("fk_directory_version_edited_by_person")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_directory_version")),
    )
    op.create_table(
        "discipline_transfer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("transferred_on", sa.Date(), nullable=False),
        sa.Column("body", PlainText(), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=False),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("transferred_on >= received_on", name=op.f("ck_discipline_transfer_dates")),
        sa.ForeignKeyConstraint(["entered_by"], ["person.id"], name=op.f("fk_discipline_transfer_entered_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discipline_transfer")),
    )
    op.create_table(
        "file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", PlainText(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", PlainText(), nullable=False),
        sa.Column("stored_at", UtcDateTime(), nullable=False),
        sa.Column("stored_by", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_file_sha256")),
        sa.CheckConstraint("size > 0", name=op.f("ck_file_size")),
        sa.ForeignKeyConstraint(["stored_by"], ["person.id"], name=op.f("fk_file_stored_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file")),
        sa.UniqueConstraint("sha256", name=op.f("uq_file_sha256")),
    )
    op.create_table(
        "group_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("post", PlainText(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint("post IN ('组长', '副组长', '成员')", name=op.f("ck_group_member_post")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_group_member_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_member")),
    )
    op.create_index(op.f("ix_group_member_person_id"), "group_member", ["person_id"], unique=False)
    op.create_table(
        "guidance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=True),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("question", PlainText(), nullable=False),
        sa.Column("answer", PlainText(), nullable=False),
        sa.Column("category", PlainText(), nullable=False),
        sa.Column("field", PlainText(), nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.Column("reason", PlainText(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(answered_at IS NULL) = (answer = '')", name=op.f("ck_guidance_answered")),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"], name=op.f("fk_guidance_answered_by_person")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_guidance_asked_by_person")),
        sa.ForeignKeyConstraint(["section_id"], ["section.id"], name=op.f("fk_guidance_section_id_section")),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["person.id"], name=op.f("fk_guidance_withdrawn_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guidance")),
    )
    op.create_index("ix_guidance_scope", "guidance", ["field", "category"], unique=False)
    op.create_table(
        "handover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("signed_by", sa.Integer(), nullable=False),
        sa.Column("items", PlainText(), nullable=False),
        sa.Column("note", PlainText(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("from_id <> to_id", name=op.f("ck_handover_two_people")),
        sa.ForeignKeyConstraint(["from_id"], ["person.id"], name=op.f("fk_handover_from_id_person")),
        sa.ForeignKeyConstraint(["signed_by"], ["person.id"], name=op.f("fk_handover_signed_by_person")),
        sa.ForeignKeyConstraint(["to_id"], ["person.id"], name=op.f("fk_handover_to_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
    )
    op.create_index(op.f("ix_handover_from_id"), "handover", ["from_id"], unique=False)
    op.create_index(op.f("ix_handover_to_id"), "handover", ["to_id"], unique=False)
    op.create_table(
        "heading_alias",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", PlainText(), nullable=False),
        sa.Column("heading", PlainText(), nullable=False),
        sa.Column("target", PlainText(), nullable=False),
        sa.Column("learned_by", sa.Integer(), nullable=False),
        sa.Column("learned_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["learned_by"], ["person.id"], name=op.f("fk_heading_alias_learned_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_heading_alias")),
        sa.UniqueConstraint("key", name=op.f("uq_heading_alias_key")),
    )
    op.create_table(
        "law_alias",
        sa.Column("name", PlainText(), nullable=False),
        sa.Column("law_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["law_id"], ["law.id"], name=op.f("fk_law_alias_law_id_law")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_law_alias")),
    )
    op.create_index(op.f("ix_law_alias_law_id"), "law_alias", ["law_id"], unique=False)
    op.create_table(
        "law_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("law_id", sa.Integer(), nullable=False),
        sa.Column("edition", PlainText(), nullable=False),
        sa.Column("document", PlainText(), nullable=False),
        sa.Column("in_force", sa.Date(), nullable=True),
        sa.Column("repealed", sa.Date(), nullable=True),
        sa.Column("replaced_by_law", PlainText(), nullable=False),
        sa.Column("replaced_by_edition", PlainText(), nullable=False),
        sa.Column("is_checked", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["law_id"], ["law.id"], name=op.f("fk_law_version_law_id_law")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_law_version")),
        sa.UniqueConstraint("law_id", "edition", name=op.f("uq_law_version_law_id_edition")),
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dedupe_key", PlainText(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=True),
        sa.Column("role", PlainText(), nullable=False),
        sa.Column("content", PlainText(), nullable=False),
        sa.Column("address", PlainText(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("shown_until", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["section_id"], ["section.id"], name=op.f("fk_notice_section_id_section")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_notice_dedupe_key")),
    )
    op.create_index(op.f("ix_notice_shown_until"), "notice", ["shown_until"], unique=False)
    op.create_table(
        "post",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("name", PlainText(), nullable=False),
        sa.Column("purpose", PlainText(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["section_id"], ["section.id"], name=op.f("fk_post_section_id_section")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
        sa.UniqueConstraint("section_id", "name", name=op.f("uq_post_section_id_name")),
    )
    op.create_index(op.f("ix_post_section_id"), "post", ["section_id"], unique=False)
    op.create_table(
        "record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", PlainText(), nullable=False),
        sa.Column("code", PlainText(), nullable=True),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("stage", PlainText(), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=True),
        sa.Column("withheld_by", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("is_reopened", sa.Boolean(), nullable=False),
        sa.CheckConstraint("kind IN ('power', 'flow', 'withholding')", name=op.f("ck_record_kind")),
        sa.CheckConstraint(
            "stage IN ('draft', 'returned', 'section_review', 'office_review', 'bureau_decision', 'city_review', 'city_decision', 'filing', 'approved', 'withheld', 'stopped', 'merged')",
            name=op.f("ck_record_stage"),
        ),
        sa.ForeignKeyConstraint(["entered_by"], ["person.id"], name=op.f("fk_record_entered_by_person")),
        sa.ForeignKeyConstraint(["section_id"], ["section.id"], name=op.f("fk_record_section_id_section")),
        sa.ForeignKeyConstraint(["withheld_by"], ["record.id"], name=op.f("fk_record_withheld_by_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record")),
        sa.UniqueConstraint("kind", "code", name=op.f("uq_record_kind_code")),
    )
    op.create_index(op.f("ix_record_section_id"), "record", ["section_id"], unique=False)
    op.create_table(
        "rectification_order",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("state", PlainText(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("document", PlainText(), nullable=False),
        sa.Column("title", PlainText(), nullable=False),
        sa.Column("measures", PlainText(), nullable=False),
        sa.Column("contact", PlainText(), nullable=False),
        sa.Column("responsible", PlainText(), nullable=False),
        sa.Column("limit_n", sa.Integer(), nullable=False),
        sa.Column("limit_unit", PlainText(), nullable=False),
        sa.Column("drafted_by", sa.Integer(), nullable=False),
        sa.Column("drafted_at", UtcDateTime(), nullable=False),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.Column("acknowledged_by", sa.Integer(), nullable=True),
        sa.Column("state_since", UtcDateTime(), nullable=False),
        sa.CheckConstraint("limit_unit IN ('working_day', 'day')", name=op.f("ck_rectification_order_unit")),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'issued', 'acknowledged', 'in_recheck', 'returned', 'accepted', 'closed', 'cancelled')",
            name=op.f("ck_rectification_order_state"),
        ),
        sa.CheckConstraint("(number IS NULL) = (approved_by IS NULL)", name=op.f("ck_rectification_order_numbered")),
        sa.CheckConstraint(
            "approved_by IS NULL OR approved_by <> drafted_by", name=op.f("ck_rectification_order_second_person")
        ),
        sa.CheckConstraint("limit_n BETWEEN 1 AND 365", name=op.f("ck_rectification_order_number")),
        sa.ForeignKeyConstraint(
            ["acknowledged_by"], ["person.id"], name=op.f("fk_rectification_order_acknowledged_by_person")
        ),
        sa.ForeignKeyConstraint(["approved_by"], ["person.id"], name=op.f("fk_rectification_order_approved_by_person")),
        sa.ForeignKeyConstraint(["drafted_by"], ["person.id"], name=op.f("fk_rectification_order_drafted_by_person")),
        sa.ForeignKeyConstraint(["section_id"], ["section.id"], name=op.f("fk_rectification_order_section_id_section")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rectification_order")),
        sa.UniqueConstraint("year", "number", name=op.f("uq_rectification_order_year_number")),
    )
    op.create_index(op.f("ix_rectification_order_section_id"), "rectification_order", ["section_id"], unique=False)
    op.create_index(op.f("ix_rectification_order_state"), "rectification_order", ["state"], unique=False)
    op.create_table(
        "role_term",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", PlainText(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "role IN ('clerk', 'chief', 'office', 'legal', 'secrecy', 'publisher', 'leader', 'deputy', 'member', 'inspector', 'sysadmin', 'secadmin', 'auditor', 'cityoffice', 'citygroup')",
            name=op.f("ck_role_term_role"),
        ),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_role_term_term")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_role_term_person_id_person")),
        sa.ForeignKeyConstraint(["section_id"], ["section.id"], name=op.f("fk_role_term_section_id_section")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_term")),
    )
    op.create_index(op.f("ix_role_term_person_id"), "role_term", ["person_id"], unique=False)
    op.create_index("ix_role_term_role", "role_term", ["role", "section_id"], unique=False)
    op.create_table(
        "section_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("kind", PlainText(), nullable=False),
        sa.Column("old_name", PlainText(), nullable=False),
        sa.Column("new_name", PlainText(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("document", PlainText(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind IN ('added', 'renamed', 'merged', 'split')", name=op.f("ck_section_change_kind")),
        sa.ForeignKeyConstraint(["other_id"], ["section.id"], name=op.f("fk_section_change_other_id_section")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_section_change_person_id_person")),
        sa.ForeignKeyConstraint(["section_id"], ["section.id"], name=op.f("fk_section_change_section_id_section")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_section_change")),
    )
    op.create_index(op.f("ix_section_change_section_id"), "section_change", ["section_id"], unique=False)
    op.create_table(
        "shared_clause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("category", PlainText(), nullable=False),
        sa.Column("field", PlainText(), nullable=False),
        sa.Column("content", PlainText(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("edited_by", sa.Integer(), nullable=False),
        sa.Column("edited_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["edited_by"], ["person.id"], name=op.f("fk_shared_clause_edited_by_person")),
        sa.ForeignKeyConstraint(["section_id"], ["section.id"], name=op.f("fk_shared_clause_section_id_section")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shared_clause")),
        sa.UniqueConstraint("section_id", "category", "field", name=op.f("uq_shared_clause_section_id_category_field")),
    )
    op.create_table(
        "supervision_switch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", PlainText(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("document", PlainText(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("document <> ''", name=op.f("ck_supervision_switch_document")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_supervision_switch_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_switch")),
    )
    op.create_index(op.f("ix_supervision_switch_key"), "supervision_switch", ["key"], unique=False)
    op.create_table(
        "training_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("basis", PlainText(), nullable=False),
        sa.Column("content", PlainText(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_training_plan_made_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_plan")),
        sa.UniqueConstraint("year", name=op.f("uq_training_plan_year")),
    )
    op.create_table(
        "training_requirement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic", PlainText(), nullable=False),
        sa.Column("role", PlainText(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=True),
        sa.Column("before_on", sa.Date(), nullable=False),
        sa.Column("basis", PlainText(), nullable=False),
        sa.Column("set_by", sa.Integer(), nullable=False),
        sa.Column("set_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "topic IN ('inventory', 'flow', 'openness', 'conduct', 'complaints', 'supervision')",
            name=op.f("ck_training_requirement_topic"),
        ),
        sa.ForeignKeyConstraint(
            ["section_id"], ["section.id"], name=op.f("fk_training_requirement_section_id_section")
        ),
        sa.ForeignKeyConstraint(["set_by"], ["person.id"], name=op.f("fk_training_requirement_set_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_requirement")),
    )
    op.create_table(
        "training_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic", PlainText(), nullable=False),
        sa.Column("title", PlainText(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("place", PlainText(), nullable=False),
        sa.Column("teacher", PlainText(), nullable=False),
        sa.Column("content", PlainText(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=False),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "topic IN ('inventory', 'flow', 'openness', 'conduct', 'complaints', 'supervision')",
            name=op.f("ck_training_session_topic"),
        ),
        sa.CheckConstraint("months >= 0", name=op.f("ck_training_session_months")),
        sa.ForeignKeyConstraint(["entered_by"], ["person.id"], name=op.f("fk_training_session_entered_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_session")),
    )
    op.create_index(op.f("ix_training_session_planned_on"), "training_session", ["planned_on"], unique=False)
    op.create_table(
        "wording",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("field", PlainText(), nullable=False),
        sa.Column("find", PlainText(), nullable=False),
        sa.Column("text", PlainText(), nullable=False),
        sa.Column("reason", PlainText(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_wording_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wording")),
    )
    op.create_table(
        "appointment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("is_acting", sa.Boolean(), nullable=False),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_appointment_term")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_appointment_person_id_person")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_appointment_post_id_post")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
    )
    op.create_index(op.f("ix_appointment_person_id"), "appointment", ["person_id"], unique=False)
    op.create_index(op.f("ix_appointment_post_id"), "appointment", ["post_id"], unique=False)
    op.create_table(
        "article",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("place", PlainText(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("content", PlainText(), nullable=False),
        sa.Column("is_checked", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["law_version.id"], name=op.f("fk_article_version_id_law_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article")),
        sa.UniqueConstraint("version_id", "place", name=op.f("uq_article_version_id_place")),
    )
    op.create_index(op.f("ix_article_version_id"), "article", ["version_id"], unique=False)
    op.create_table(
        "autosave",
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("panel", PlainText(), nullable=False),
        sa.Column("seen_version", sa.Integer(), nullable=False),
        sa.Column("content", PlainText(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_autosave_account_id_account")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_autosave_record_id_record")),
        sa.PrimaryKeyConstraint("record_id", "account_id", "panel", name=op.f("pk_autosave")),
    )
    op.create_table(
        "campaign_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("number", PlainText(), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=True),
        sa.Column("title", PlainText(), nullable=False),
        sa.Column("scan", PlainText(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_document_campaign_id_campaign")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_document")),
    )
    op.create_index(op.f("ix_campaign_document_campaign_id"), "campaign_document", ["campaign_id"], unique=False)
    op.create_table(
        "campaign_inner_date",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("key", PlainText(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_inner_date_campaign_id_campaign")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_inner_date")),
        sa.UniqueConstraint("campaign_id", "key", name=op.f("uq_campaign_inner_date_campaign_id_key")),
    )
    op.create_table(
        "campaign_meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("kind", PlainText(), nullable=False),
        sa.Column("title", PlainText(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("place", PlainText(), nullable=False),
        sa.Column("notice", PlainText(), nullable=False),
        sa.Column("minutes", PlainText(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('mobilisation', 'training')", name=op.f("ck_campaign_meeting_kind")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_meeting_campaign_id_campaign")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_meeting")),
    )
    op.create_index(op.f("ix_campaign_meeting_campaign_id"), "campaign_meeting", ["campaign_id"], unique=False)
    op.create_table(
        "campaign_phase",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", PlainText(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("work", PlainText(), nullable=False),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_campaign_phase_term")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_phase_campaign_id_campaign")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_phase")),
    )
    op.create_index(op.f("ix_campaign_phase_campaign_id"), "campaign_phase", ["campaign_id"], unique=False)
    op.create_table(
        "campaign_task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("content", PlainText(), nullable=False),
        sa.Column("responsible", PlainText(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_task_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["section_id"], ["section.id"], name=op.f("fk_campaign_task_section_id_section")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_task")),
    )
    op.create_index(op.f("ix_campaign_task_campaign_id"), "campaign_task", ["campaign_id"], unique=False)
    op.create_table(
        "card",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("trigger_key", PlainText(), nullable=False),
        sa.Column("level", PlainText(), nullable=False),
        sa.Column("policy", PlainText(), nullable=False),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.Column("clock_id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("facts", PlainText(), nullable=False),
        sa.Column("became_true_on", sa.Date(), nullable=False),
        sa.Column("state", PlainText(), nullable=False),
        sa.Column("issued_by", sa.Integer(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("explanation", PlainText(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("reason", PlainText(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("level IN ('tip', 'yellow', 'red')", name=op.f("ck_card_level")),
        sa.CheckConstraint(
            "state IN ('proposed', 'issued', 'explained', 'upheld', 'withdrawn', 'cleared')", name=op.f("ck_card_state")
        ),
        sa.CheckConstraint(
            "decided_by IS NULL OR issued_by IS NULL OR decided_by <> issued_by", name=op.f("ck_card_second_person")
        ),
        sa.ForeignKeyConstraint(["clock_id"], ["clock.id"], name=op.f("fk_card_clock_id_clock")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_card_decided_by_person")),
        sa.ForeignKeyConstraint(["issued_by"], ["person.id"], name=op.f("fk_card_issued_by_person")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["rectification_order.id"], name=op.f("fk_card_order_id_rectification_order")
        ),
        sa.ForeignKeyConstraint(["section_id"], ["section.id"], name=op.f("fk_card_section_id_section")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card")),
        sa.UniqueConstraint("trigger_key", name=op.f("uq_card_trigger_key")),
    )
    op.create_index(op.f("ix_card_order_id"), "card", ["order_id"], unique=False)
    op.create_index(op.f("ix_card_section_id"), "card", ["section_id"], unique=False)
    op.create_table(
        "chart_origin",
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("origin_id", sa.Integer(), nullable=False),
        sa.Column("content", PlainText(), nullable=False),
        sa.Column("power_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["origin_id"], ["record.id"], name=op.f("fk_chart_origin_origin_id_record")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_chart_origin_person_id_person")),
        sa.ForeignKeyConstraint(["power_id"], ["record.id"], name=op.f("fk_chart_origin_power_id_record")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_chart_origin_record_id_record")),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_chart_origin")),
    )
    op.create_index(op.f("ix_chart_origin_origin_id"), "chart_origin", ["origin_id"], unique=False)
    op.create_index(op.f("ix_chart_origin_power_id"), "chart_origin", ["power_id"], unique=False)
    op.create_table(
        "chart_states",
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("seen_version", sa.Integer(), nullable=False),
        sa.Column("done", PlainText(), nullable=False),
        sa.Column("undone", PlainText(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_chart_states_account_id_account")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_chart_states_record_id_record")),
        sa.PrimaryKeyConstraint("record_id", "account_id", name=op.f("pk_chart_states")),
    )
    op.create_table(
        "claim_ruling",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kept_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("outcome", PlainText(), nullable=False),
        sa.Column("reason", PlainText(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("outcome IN ('merged', 'distinct')", name=op.f("ck_claim_ruling_outcome")),
        sa.CheckConstraint("kept_id <> other_id", name=op.f("ck_claim_ruling_two")),
        sa.ForeignKeyConstraint(["kept_id"], ["record.id"], name=op.f("fk_claim_ruling_kept_id_record")),
        sa.ForeignKeyConstraint(["other_id"], ["record.id"], name=op.f("fk_claim_ruling_other_id_record")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_claim_ruling_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_ruling")),
    )
    op.create_index(op.f("ix_claim_ruling_kept_id"), "claim_ruling", ["kept_id"], unique=False)
    op.create_index(op.f("ix_claim_ruling_other_id"), "claim_ruling", ["other_id"], unique=False)
    op.create_table(
        "clock_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("clock_id", sa.Integer(), nullable=False),
        sa.Column("cause", PlainText(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("unit", PlainText(), nullable=False),
        sa.Column("old_due_on", sa.Date(), nullable=False),
        sa.Column("new_due_on", sa.Date(), nullable=False),
        sa.Column("reason", PlainText(), nullable=False),
        sa.Column("approver_id", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "cause IN ('calendar', 'extension', 'grant', 'pause', 'rule')", name=op.f("ck_clock_change_cause")
        ),
        sa.ForeignKeyConstraint(["approver_id"], ["person.id"], name=op.f("fk_clock_change_approver_id_person")),
        sa.ForeignKeyConstraint(["clock_id"], ["clock.id"], name=op.f("fk_clock_change_clock_id_clock")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_change")),
    )
    op.create_index(op.f("ix_clock_change_clock_id"), "clock_change", ["clock_id"], unique=False)
    op.create_table(
        "clock_extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("clock_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("reason", PlainText(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("state", PlainText(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("note", PlainText(), nullable=False),
        sa.CheckConstraint("state IN ('pending', 'granted', 'refused')", name=op.f("ck_clock_extension_state")),
        sa.CheckConstraint(
            "decided_by IS NULL OR decided_by <> asked_by", name=op.f("ck_clock_extension_second_person")
        ),
        sa.CheckConstraint("n > 0", name=op.f("ck_clock_extension_number")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_clock_extension_asked_by_person")),
        sa.ForeignKeyConstraint(["clock_id"], ["clock.id"], name=op.f("fk_clock_extension_clock_id_clock")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_clock_extension_decided_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_extension")),
    )
    op.create_index(op.f("ix_clock_extension_clock_id"), "clock_extension", ["clock_id"], unique=False)
    op.create_index(
        "uq_clock_extension_pending",
        "clock_extension",
        ["clock_id"],
        unique=True,
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_table(
        "clock_overdue",
        sa.Column("clock_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("became_true_at", UtcDateTime(), nullable=False),
        sa.Column("noted_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["clock_id"], ["clock.id"], name=op.f("fk_clock_overdue_clock_id_clock")),
        sa.PrimaryKeyConstraint("clock_id", name=op.f("pk_clock_overdue")),
    )
    op.create_index(op.f("ix_clock_overdue_became_true_at"), "clock_overdue", ["became_true_at"], unique=False)
    op.create_table(
        "clock_segment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("clock_id", sa.Integer(), nullable=False),
        sa.Column("kind", PlainText(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("reason", PlainText(), nullable=False),
        sa.Column("document", PlainText(), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=True),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "kind <> 'pause' OR (reason <> '' AND document <> '')", name=op.f("ck_clock_segment_document")
        ),
        sa.CheckConstraint("kind IN ('run', 'pause')", name=op.f("ck_clock_segment_kind")),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_clock_segment_order")),
        sa.ForeignKeyConstraint(["clock_id"], ["clock.id"], name=op.f("fk_clock_segment_clock_id_clock")),
        sa.ForeignKeyConstraint(["entered_by"], ["person.id"], name=op.f("fk_clock_segment_entered_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_segment")),
    )
    op.create_index(op.f("ix_clock_segment_clock_id"), "clock_segment", ["clock_id"], unique=False)
    op.create_index(
        "uq_clock_segment_open",
        "clock_segment",
        ["clock_id"],
        unique=True,
        sqlite_where=sa.text("until IS NULL"),
        postgresql_where=sa.text("until IS NULL"),
    )
    op.create_table(
        "complaint",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("kind", PlainText(), nullable=False),
        sa.Column("channel", PlainText(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("subject", PlainText(), nullable=False),
        sa.Column("content", PlainText(), nullable=False),
        sa.Column("about_section_id", sa.Integer(), nullable=True),
        sa.Column("about_person_id", sa.Integer(), nullable=True),
        sa.Column("is_about_office", sa.Boolean(), nullable=False),
        sa.Column("power_id", sa.Integer(), nullable=True),
        sa.Column("state", PlainText(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("reviews", sa.Integer(), nullable=False),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("reply", PlainText(), nullable=False),
        sa.Column("conclusion", PlainText(), nullable=False),
        sa.Column("fact", PlainText(), nullable=False),
        sa.Column("basis", PlainText(), nullable=False),
        sa.Column("severity", PlainText(), nullable=False),
        sa.Column("drafted_by", sa.Integer(), nullable=True),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.Column("replied_on", sa.Date(), nullable=True),
        sa.Column("satisfaction", PlainText(), nullable=False),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("taken_by", sa.Integer(), nullable=False),
        sa.Column("taken_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("channel IN ('telephone', 'letter', 'visit', 'mail')", name=op.f("ck_complaint_channel")),
        sa.CheckConstraint(
            "conclusion = '' OR conclusion IN ('answered', 'substantiated', 'partly', 'unfounded', 'undecided')",
            name=op.f("ck_complaint_conclusion"),
        ),
        sa.CheckConstraint(
            "kind IN ('complaint', 'report', 'consult', 'opinion', 'correction')", name=op.f("ck_complaint_kind")
        ),
        sa.CheckConstraint(
            "state IN ('received', 'registered', 'accepted', 'not_accepted', 'transferred', 'merged', 'assigned', 'investigating', 'awaiting_complainant', 'reply_drafted', 'reply_approved', 'replied', 'review_requested', 'upheld', 'revised', 'closed', 'reopened')",
            name=op.f("ck_complaint_state"),
        ),
        sa.CheckConstraint("approved_by <> drafted_by", name=op.f("ck_complaint_two_people")),
        sa.CheckConstraint("assignee_id <> about_person_id", name=op.f("ck_complaint_wall")),
        sa.ForeignKeyConstraint(["about_person_id"], ["person.id"], name=op.f("fk_complaint_about_person_id_person")),
        sa.ForeignKeyConstraint(
            ["about_section_id"], ["section.id"], name=op.f("fk_complaint_about_section_id_section")
        ),
        sa.ForeignKeyConstraint(["approved_by"], ["person.id"], name=op.f("fk_complaint_approved_by_person")),
        sa.ForeignKeyConstraint(["assignee_id"], ["person.id"], name=op.f("fk_complaint_assignee_id_person")),
        sa.ForeignKeyConstraint(["drafted_by"], ["person.id"], name=op.f("fk_complaint_drafted_by_person")),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["complaint.id"], name=op.f("fk_complaint_merged_into_id_complaint")
        ),
        sa.ForeignKeyConstraint(["power_id"], ["record.id"], name=op.f("fk_complaint_power_id_record")),
        sa.ForeignKeyConstraint(["taken_by"], ["person.id"], name=op.f("fk_complaint_taken_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint")),
        sa.UniqueConstraint("year", "number", name=op.f("uq_complaint_year_number")),
    )
    op.create_index(op.f("ix_complaint_about_person_id"), "complaint", ["about_person_id"], unique=False)
    op.create_index(op.f("ix_complaint_about_section_id"), "complaint", ["about_section_id"], unique=False)
    op.create_index(op.f("ix_complaint_assignee_id"), "complaint", ["assignee_id"], unique=False)
    op.create_index(op.f("ix_complaint_power_id"), "complaint", ["power_id"], unique=False)
    op.create_index("ix_complaint_state", "complaint", ["state"], unique=False)
    op.create_table(
        "complaint_elsewhere",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("system", PlainText(), nullable=False),
        sa.Column("reference", PlainText(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("power_id", sa.Integer(), nullable=True),
        sa.Column("result", PlainText(), nullable=False),
        sa.Column("result_on", sa.Date(), nullable=True),
        sa.Column("entered_by", sa.Integer(), nullable=False),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("system IN ('12345', '12369', 'petition')", name=op.f("ck_complaint_elsewhere_system")),
        sa.ForeignKeyConstraint(["entered_by"], ["person.id"], name=op.f("fk_complaint_elsewhere_entered_by_person")),
        sa.ForeignKeyConstraint(["power_id"], ["record.id"], name=op.f("fk_complaint_elsewhere_power_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_elsewhere")),
        sa.UniqueConstraint("system", "reference", name=op.f("uq_complaint_elsewhere_system_reference")),
    )
    op.create_index(op.f("ix_complaint_elsewhere_power_id"), "complaint_elsewhere", ["power_id"], unique=False)
    op.create_table(
        "directory_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", PlainText(), nullable=False),
        sa.Column("contact", PlainText(), nullable=False),
        sa.Column("before", PlainText(), nullable=False),
        sa.Column("reason", PlainText(), nullable=False),
        sa.Column("state", PlainText(), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("reply", PlainText(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.CheckConstraint("(state = 'approved') = (version IS NOT NULL)", name=op.f("ck_directory_change_version")),
        sa.CheckConstraint(
            "state IN ('open', 'approved', 'refused', 'recalled')", name=op.f("ck_directory_change_state")
        ),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'refused') OR decided_by <> proposed_by",
            name=op.f("ck_directory_change_second_person"),
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_directory_change_decided_by_person")),
        sa.ForeignKeyConstraint(["proposed_by"], ["person.id"], name=op.f("fk_directory_change_proposed_by_person")),
        sa.ForeignKeyConstraint(
            ["version"], ["directory_version.number"], name=op.f("fk_directory_change_version_directory_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_change")),
    )
    op.create_index(op.f("ix_directory_change_key"), "directory_change", ["key"], unique=False)
    op.create_index(
        "uq_directory_change_open",
        "directory_change",
        ["key"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "draft",
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", PlainText(), nullable=False),
        sa.Column("clauses", PlainText(), nullable=False),
        sa.Column("edited_at", UtcDateTime(), nullable=False),
        sa.Column("edited_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["edited_by"], ["person.id"], name=op.f("fk_draft_edited_by_person")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_draft_record_id_record")),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_draft")),
    )
    op.create_table(
        "draft_editor",
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_draft_editor_person_id_person")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_draft_editor_record_id_record")),
        sa.PrimaryKeyConstraint("record_id", "person_id", name=op.f("pk_draft_editor")),
    )
    op.create_table(
        "edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audience", PlainText(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("state", PlainText(), nullable=False),
        sa.Column("folder", PlainText(), nullable=False),
        sa.Column("manifest_digest", PlainText(), nullable=False),
        sa.Column("previous_digest", PlainText(), nullable=True),
        sa.Column("item_count", sa.Integer(), nullable=False),
        sa.Column("directory_version", sa.Integer(), nullable=True),
        sa.Column("prepared_by", sa.Integer(), nullable=False),
        sa.Column("prepared_at", UtcDateTime(), nullable=False),
        sa.Column("released_by", sa.Integer(), nullable=True),
        sa.Column("released_at", UtcDateTime(), nullable=True),
        sa.Column("release_document", PlainText(), nullable=False),
        sa.Column("is_reduction", sa.Boolean(), nullable=False),
        sa.Column("frame", PlainText(), nullable=False),
        sa.CheckConstraint("(state = 'released') = (released_by IS NOT NULL)", name=op.f("ck_edition_release")),
        sa.CheckConstraint("audience IN ('public', 'bureau')", name=op.f("ck_edition_audience")),
        sa.CheckConstraint("state IN ('prepared', 'released')", name=op.f("ck_edition_state")),
        sa.CheckConstraint(
            "released_by IS NULL OR released_by <> prepared_by OR is_reduction", name=op.f("ck_edition_second_person")
        ),
        sa.ForeignKeyConstraint(
            ["directory_version"],
            ["directory_version.number"],
            name=op.f("fk_edition_directory_version_directory_version"),
        ),
        sa.ForeignKeyConstraint(["prepared_by"], ["person.id"], name=op.f("fk_edition_prepared_by_person")),
        sa.ForeignKeyConstraint(["released_by"], ["person.id"], name=op.f("fk_edition_released_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
        sa.UniqueConstraint("audience", "number", name=op.f("uq_edition_audience_number")),
    )
    op.create_index(
        "uq_edition_prepared",
        "edition",
        ["audience"],
        unique=True,
        sqlite_where=sa.text("state = 'prepared'"),
        postgresql_where=sa.text("state = 'prepared'"),
    )
    op.create_table(
        "import_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("file_name", PlainText(), nullable=False),
        sa.Column("digest", PlainText(), nullable=False),
        sa.Column("section", PlainText(), nullable=False),
        sa.Column("state", PlainText(), nullable=False),
        sa.Column("lines", PlainText(), nullable=False),
        sa.Column("report", PlainText(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("content", PlainText(), nullable=False),
        sa.Column("source", PlainText(), nullable=False),
        sa.Column("corrections", PlainText(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('previewed', 'confirmed')", name=op.f("ck_import_run_state")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_import_run_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
    )
    op.create_index("ix_import_run_account", "import_run", ["account_id", "digest"], unique=False)
    op.create_table(
        "inspection_plan_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("kind", PlainText(), nullable=False),
        sa.Column("slug", PlainText(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=True),
        sa.Column("document", PlainText(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('routine', 'key', 'special', 'random', 'follow_up', 'complaint')",
            name=op.f("ck_inspection_plan_line_kind"),
        ),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_inspection_plan_line_made_by_person")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_inspection_plan_line_record_id_record")),
        sa.ForeignKeyConstraint(
            ["section_id"], ["section.id"], name=op.f("fk_inspection_plan_line_section_id_section")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_plan_line")),
    )
    op.create_index(op.f("ix_inspection_plan_line_section_id"), "inspection_plan_line", ["section_id"], unique=False)
    op.create_index(op.f("ix_inspection_plan_line_year"), "inspection_plan_line", ["year"], unique=False)
    op.create_table(
        "inventory_verdict",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("verdict", PlainText(), nullable=False),
        sa.Column("source", PlainText(), nullable=False),
        sa.Column("reason", PlainText(), nullable=False),
        sa.Column("aftermath", PlainText(), nullable=False),
        sa.Column("document", PlainText(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("source IN ('section', 'office', 'comparison')", name=op.f("ck_inventory_verdict_source")),
        sa.CheckConstraint("verdict IN ('missing', 'overreach', 'resumed')", name=op.f("ck_inventory_verdict_verdict")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_inventory_verdict_person_id_person")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_inventory_verdict_record_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inventory_verdict")),
    )
    op.create_index(op.f("ix_inventory_verdict_record_id"), "inventory_verdict", ["record_id"], unique=False)
    op.create_table(
        "listing",
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("face", PlainText(), nullable=False),
        sa.Column("kind", PlainText(), nullable=False),
        sa.Column("code", PlainText(), nullable=False),
        sa.Column("name", PlainText(), nullable=False),
        sa.Column("category", PlainText(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("involved", PlainText(), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=False),
        sa.Column("disclosure", PlainText(), nullable=False),
        sa.Column("verdict", PlainText(), nullable=False),
        sa.Column("direction", PlainText(), nullable=False),
        sa.Column("stage", PlainText(), nullable=False),
        sa.Column("stage_since", UtcDateTime(), nullable=False),
        sa.Column("sort_key", PlainText(), nullable=False),
        sa.Column("search_text", PlainText(), nullable=False),
        sa.CheckConstraint("face IN ('draft', 'review', 'approved')", name=op.f("ck_listing_face")),
        sa.CheckConstraint(
            "stage IN ('draft', 'returned', 'section_review', 'office_review', 'bureau_decision', 'city_review', 'city_decision', 'filing', 'approved', 'withheld', 'stopped', 'merged')",
            name=op.f("ck_listing_stage"),
        ),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_listing_record_id_record")),
        sa.ForeignKeyConstraint(["section_id"], ["section.id"], name=op.f("fk_listing_section_id_section")),
        sa.PrimaryKeyConstraint("record_id", "face", name=op.f("pk_listing")),
    )
    op.create_index(
        "ix_listing_counts",
        "listing",
        ["kind", "face", "category", "section_id", "stage", "entered_by", "involved"],
        unique=False,
    )
    op.create_index(
        "ix_listing_page",
        "listing",
        ["kind", "face", "sort_key", "record_id", "section_id", "entered_by", "category", "stage"],
        unique=False,
    )
    op.create_index(op.f("ix_listing_section_id"), "listing", ["section_id"], unique=False)
    op.create_table(
        "matter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", PlainText(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("power_id", sa.Integer(), nullable=True),
        sa.Column("title", PlainText(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("deciders", PlainText(), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=False),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
        sa.Column("cancelled_at", UtcDateTime(), nullable=True),
        sa.Column("cancelled_by", sa.Integer(), nullable=True),
        sa.Column("reason", PlainText(), nullable=False),
        sa.CheckConstraint("(cancelled_at IS NULL) = (reason = '')", name=op.f("ck_matter_cancelled")),
        sa.CheckConstraint(
            "kind IN ('appointment', 'recruitment', 'spending', 'grant', 'procurement', 'disposal', 'penalty', 'licence')",
            name=op.f("ck_matter_kind"),
        ),
        sa.CheckConstraint("amount IS NULL OR amount >= 0", name=op.f("ck_matter_amount")),
        sa.ForeignKeyConstraint(["cancelled_by"], ["person.id"], name=op.f("fk_matter_cancelled_by_person")),
        sa.ForeignKeyConstraint(["entered_by"], ["person.id"], name=op.f("fk_matter_entered_by_person")),
        sa.ForeignKeyConstraint(["power_id"], ["record.id"], name=op.f("fk_matter_power_id_record")),
        sa.ForeignKeyConstraint(["section_id"], ["section.id"], name=op.f("fk_matter_section_id_section")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matter")),
    )
    op.create_index(op.f("ix_matter_decided_on"), "matter", ["decided_on"], unique=False)
    op.create_index(op.f("ix_matter_kind"), "matter", ["kind"], unique=False)
    op.create_index(op.f("ix_matter_power_id"), "matter", ["power_id"], unique=False)
    op.create_index(op.f("ix_matter_section_id"), "matter", ["section_id"], unique=False)
    op.create_table(
        "order_cycle",
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reason", PlainText(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("checked_by", sa.Integer(), nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.CheckConstraint("checked_by IS NULL OR checked_by <> author_id", name=op.f("ck_order_cycle_checker")),
        sa.CheckConstraint(
            "closed_by IS NULL OR (closed_by <> author_id AND closed_by <> checked_by)",
            name=op.f("ck_order_cycle_closer"),
        ),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_order_cycle_author_id_person")),
        sa.ForeignKeyConstraint(["checked_by"], ["person.id"], name=op.f("fk_order_cycle_checked_by_person")),
        sa.ForeignKeyConstraint(["closed_by"], ["person.id"], name=op.f("fk_order_cycle_closed_by_person")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["rectification_order.id"], name=op.f("fk_order_cycle_order_id_rectification_order")
        ),
        sa.PrimaryKeyConstraint("order_id", "number", name=op.f("pk_order_cycle")),
    )
    op.create_table(
        "order_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("event", PlainText(), nullable=False),
        sa.Column("from_state", PlainText(), nullable=False),
        sa.Column("to_state", PlainText(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("note", PlainText(), nullable=False),
        sa.Column("request_key", PlainText(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["rectification_order.id"], name=op.f("fk_order_step_order_id_rectification_order")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_order_step_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_step")),
        sa.UniqueConstraint("request_key", name=op.f("uq_order_step_request_key")),
    )
    op.create_index(op.f("ix_order_step_order_id"), "order_step", ["order_id"], unique=False)
    op.create_index(op.f("ix_order_step_person_id"), "order_step", ["person_id"], unique=False)
    op.create_table(
        "package",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("report", PlainText(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("scan", PlainText(), nullable=False),
        sa.Column("scanned_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_package_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["section_id"], ["section.id"], name=op.f("fk_package_section_id_section")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_package")),
        sa.UniqueConstraint("campaign_id", "section_id", name=op.f("uq_package_campaign_id_section_id")),
    )
    op.create_table(
        "record_link",
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("face", PlainText(), nullable=False),
        sa.Column("target_kind", PlainText(), nullable=False),
        sa.Column("target", PlainText(), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_record_link_record_id_record")),
        sa.PrimaryKeyConstraint("record_id", "face", "target_kind", "target", name=op.f("pk_record_link")),
    )
    op.create_index("ix_record_link_target", "record_link", ["target_kind", "target"], unique=False)
    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", PlainText(), nullable=False),
        sa.Column("public_digest", PlainText(), nullable=False),
        sa.Column("internal_digest", PlainText(), nullable=False),
        sa.Column("public", PlainText(), nullable=False),
        sa.Column("internal", PlainText(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_revision_made_by_person")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_revision_record_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        sa.UniqueConstraint("digest", name=op.f("uq_revision_digest")),
        sa.UniqueConstraint("record_id", "number", name=op.f("uq_revision_record_id_number")),
    )
    op.create_table(
        "sign_in",
        sa.Column("token_digest", PlainText(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_sign_in_account_id_account")),
        sa.PrimaryKeyConstraint("token_digest", name=op.f("pk_sign_in")),
    )
    op.create_index(op.f("ix_sign_in_account_id"), "sign_in", ["account_id"], unique=False)
    op.create_table(
        "training_attendance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("outcome", PlainText(), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=False),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('', 'passed', 'failed', 'absent')", name=op.f("ck_training_attendance_outcome")
        ),
        sa.ForeignKeyConstraint(["entered_by"], ["person.id"], name=op.f("fk_training_attendance_entered_by_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_training_attendance_person_id_person")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["training_session.id"], name=op.f("fk_training_attendance_session_id_training_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_attendance")),
    )
    op.create_index(op.f("ix_training_attendance_person_id"), "training_attendance", ["person_id"], unique=False)
    op.create_index(
        "ix_training_attendance_session", "training_attendance", ["session_id", "person_id", "id"], unique=False
    )
    op.create_table(
        "training_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("topic", PlainText(), nullable=False),
        sa.Column("result", PlainText(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("entered_by", sa.Integer(), nullable=False),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("result IN ('passed', 'failed', 'void')", name=op.f("ck_training_result_result")),
        sa.ForeignKeyConstraint(["entered_by"], ["person.id"], name=op.f("fk_training_result_entered_by_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_training_result_person_id_person")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["training_session.id"], name=op.f("fk_training_result_session_id_training_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_result")),
    )
    op.create_index("ix_training_result_person", "training_result", ["person_id", "topic"], unique=False)
    op.create_index(op.f("ix_training_result_session_id"), "training_result", ["session_id"], unique=False)
    op.create_table(
        "warning_reason",
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("rule", PlainText(), nullable=False),
        sa.Column("mark", PlainText(), nullable=False),
        sa.Column("reason", PlainText(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_warning_reason_person_id_person")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_warning_reason_record_id_record")),
        sa.PrimaryKeyConstraint("record_id", "rule", name=op.f("pk_warning_reason")),
    )
    op.create_table(
        "withdrawal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("reason", PlainText(), nullable=False),
        sa.Column("document", PlainText(), nullable=False),
        sa.Column("withdrawn_by", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=False),
        sa.Column("is_lifted", sa.Boolean(), nullable=False),
        sa.Column("lifted_by", sa.Integer(), nullable=True),
        sa.Column("lifted_at", UtcDateTime(), nullable=True),
        sa.Column("lift_reason", PlainText(), nullable=False),
        sa.Column("lift_document", PlainText(), nullable=False),
        sa.CheckConstraint("is_lifted = (lifted_by IS NOT NULL)", name=op.f("ck_withdrawal_lifting")),
        sa.ForeignKeyConstraint(["lifted_by"], ["person.id"], name=op.f("fk_withdrawal_lifted_by_person")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_withdrawal_record_id_record")),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["person.id"], name=op.f("fk_withdrawal_withdrawn_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withdrawal")),
    )
    op.create_index(op.f("ix_withdrawal_record_id"), "withdrawal", ["record_id"], unique=False)
    op.create_index(
        "uq_withdrawal_standing",
        "withdrawal",
        ["record_id"],
        unique=True,
        sqlite_where=sa.text("NOT is_lifted"),
        postgresql_where=sa.text("NOT is_lifted"),
    )
    op.create_table(
        "withholding_term",
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("reason", PlainText(), nullable=False),
        sa.CheckConstraint("(ended_by IS NULL) = (ended_at IS NULL)", name=op.f("ck_withholding_term_end")),
        sa.ForeignKeyConstraint(["ended_by"], ["person.id"], name=op.f("fk_withholding_term_ended_by_person")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_withholding_term_record_id_record")),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_withholding_term")),
    )
    op.create_table(
        "wording_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wording_id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("field", PlainText(), nullable=False),
        sa.Column("before", PlainText(), nullable=False),
        sa.Column("after", PlainText(), nullable=False),
        sa.Column("state", PlainText(), nullable=False),
        sa.Column("reason", PlainText(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'consented', 'declined', 'withdrawn')", name=op.f("ck_wording_item_state")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_wording_item_person_id_person")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_wording_item_record_id_record")),
        sa.ForeignKeyConstraint(["wording_id"], ["wording.id"], name=op.f("fk_wording_item_wording_id_wording")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wording_item")),
    )
    op.create_index(op.f("ix_wording_item_record_id"), "wording_item", ["record_id"], unique=False)
    op.create_index("uq_wording_item", "wording_item", ["wording_id", "record_id"], unique=True)
    op.create_index(
        "uq_wording_item_open",
        "wording_item",
        ["record_id", "field"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "campaign_attendance",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("state", PlainText(), nullable=False),
        sa.Column("made_up_on", sa.Date(), nullable=True),
        sa.CheckConstraint("state IN ('present', 'missing')", name=op.f("ck_campaign_attendance_state")),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["campaign_meeting.id"], name=op.f("fk_campaign_attendance_meeting_id_campaign_meeting")
        ),
        sa.ForeignKeyConstraint(["section_id"], ["section.id"], name=op.f("fk_campaign_attendance_section_id_section")),
        sa.PrimaryKeyConstraint("meeting_id", "section_id", name=op.f("pk_campaign_attendance")),
    )
    op.create_table(
        "complaint_identity",
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("sealed", PlainText(), nullable=False),
        sa.Column("is_real_name", sa.Boolean(), nullable=False),
        sa.Column("may_disclose", sa.Boolean(), nullable=False),
        sa.Column("sealed_at", UtcDateTime(), nullable=False),
        sa.Column("erased_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_complaint_identity_complaint_id_complaint")
        ),
        sa.PrimaryKeyConstraint("complaint_id", name=op.f("pk_complaint_identity")),
    )
    op.create_table(
        "complaint_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("event", PlainText(), nullable=False),
        sa.Column("state", PlainText(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("note", PlainText(), nullable=False),
        sa.Column("place", PlainText(), nullable=False),
        sa.Column("document", PlainText(), nullable=False),
        sa.Column("reply", PlainText(), nullable=False),
        sa.Column("conclusion", PlainText(), nullable=False),
        sa.Column("request_key", PlainText(), nullable=True),
        sa.CheckConstraint(
            "event IN ('take_in', 'register', 'accept', 'refuse', 'transfer', 'merge', 'assign', 'begin', 'ask', 'answered', 'draft_reply', 'approve_reply', 'return_reply', 'reply', 'request_review', 'uphold', 'revise', 'close', 'reopen')",
            name=op.f("ck_complaint_step_event"),
        ),
        sa.ForeignKeyConstraint(["assignee_id"], ["person.id"], name=op.f("fk_complaint_step_assignee_id_person")),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_complaint_step_complaint_id_complaint")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_complaint_step_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_step")),
        sa.UniqueConstraint("request_key", name=op.f("uq_complaint_step_request_key")),
    )
    op.create_index("ix_complaint_step_complaint", "complaint_step", ["complaint_id", "id"], unique=False)
    op.create_index(op.f("ix_complaint_step_person_id"), "complaint_step", ["person_id"], unique=False)
    op.create_table(
        "finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_kind", PlainText(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("item_key", PlainText(), nullable=False),
        sa.Column("fact", PlainText(), nullable=False),
        sa.Column("basis", PlainText(), nullable=False),
        sa.Column("severity", PlainText(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=True),
        sa.Column("repeat_of", sa.Integer(), nullable=True),
        sa.Column("state", PlainText(), nullable=False),
        sa.Column("is_record_cause", sa.Boolean(), nullable=False),
        sa.Column("cause_marked_at", UtcDateTime(), nullable=True),
        sa.Column("mended_by", sa.Integer(), nullable=True),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("raised_by", sa.Integer(), nullable=True),
        sa.Column("raised_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("severity IN ('minor', 'ordinary', 'serious')", name=op.f("ck_finding_severity")),
        sa.CheckConstraint(
            "source_kind IN ('inspection', 'complaint', 'matter', 'card', 'direct')",
            name=op.f("ck_finding_source_kind"),
        ),
        sa.CheckConstraint(
            "state IN ('drafted', 'confirmed', 'contested', 'upheld', 'fixed_on_spot', 'noted', 'transferred', 'ordered', 'closed', 'carried_over', 'withdrawn')",
            name=op.f("ck_finding_state"),
        ),
        sa.CheckConstraint("NOT is_record_cause OR record_id IS NOT NULL", name=op.f("ck_finding_record_cause")),
        sa.ForeignKeyConstraint(["mended_by"], ["revision.id"], name=op.f("fk_finding_mended_by_revision")),
        sa.ForeignKeyConstraint(["raised_by"], ["person.id"], name=op.f("fk_finding_raised_by_person")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_finding_record_id_record")),
        sa.ForeignKeyConstraint(["repeat_of"], ["finding.id"], name=op.f("fk_finding_repeat_of_finding")),
        sa.ForeignKeyConstraint(["section_id"], ["section.id"], name=op.f("fk_finding_section_id_section")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
    )
    op.create_index(op.f("ix_finding_record_id"), "finding", ["record_id"], unique=False)
    op.create_index("ix_finding_repeat", "finding", ["section_id", "item_key", "found_on"], unique=False)
    op.create_index(op.f("ix_finding_section_id"), "finding", ["section_id"], unique=False)
    op.create_index("ix_finding_source", "finding", ["source_kind", "source_id"], unique=False)
    op.create_index(op.f("ix_finding_state"), "finding", ["state"], unique=False)
    op.create_table(
        "identity_look",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("act", PlainText(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("reason", PlainText(), nullable=False),
        sa.CheckConstraint("act IN ('look', 'erase')", name=op.f("ck_identity_look_act")),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_identity_look_complaint_id_complaint")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_identity_look_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_look")),
    )
    op.create_index(op.f("ix_identity_look_complaint_id"), "identity_look", ["complaint_id"], unique=False)
    op.create_table(
        "inspection_occurrence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", PlainText(), nullable=False),
        sa.Column("missed_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "state IN ('planned', 'started', 'done', 'missed', 'cancelled')",
            name=op.f("ck_inspection_occurrence_state"),
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["inspection_plan_line.id"], name=op.f("fk_inspection_occurrence_line_id_inspection_plan_line")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_occurrence")),
    )
    op.create_index(op.f("ix_inspection_occurrence_due_on"), "inspection_occurrence", ["due_on"], unique=False)
    op.create_index(op.f("ix_inspection_occurrence_line_id"), "inspection_occurrence", ["line_id"], unique=False)
    op.create_table(
        "matter_trace",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("matter_id", sa.Integer(), nullable=False),
        sa.Column("key", PlainText(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("document", PlainText(), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=False),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["entered_by"], ["person.id"], name=op.f("fk_matter_trace_entered_by_person")),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_matter_trace_matter_id_matter")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matter_trace")),
        sa.UniqueConstraint("matter_id", "key", name=op.f("uq_matter_trace_matter_id_key")),
    )
    op.create_table(
        "package_signature",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("package_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("behalf_of", PlainText(), nullable=False),
        sa.Column("statement", PlainText(), nullable=False),
        sa.Column("report", PlainText(), nullable=False),
        sa.Column("request_key", PlainText(), nullable=True),
        sa.Column("signed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["package_id"], ["package.id"], name=op.f("fk_package_signature_package_id_package")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_package_signature_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_package_signature")),
        sa.UniqueConstraint("request_key", name=op.f("uq_package_signature_request_key")),
    )
    op.create_index(op.f("ix_package_signature_package_id"), "package_signature", ["package_id"], unique=False)
    op.create_table(
        "replacement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("withdrawal_id", sa.Integer(), nullable=False),
        sa.Column("folder", PlainText(), nullable=False),
        sa.Column("manifest_digest", PlainText(), nullable=False),
        sa.Column("replaced_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_replacement_edition_id_edition")),
        sa.ForeignKeyConstraint(
            ["withdrawal_id"], ["withdrawal.id"], name=op.f("fk_replacement_withdrawal_id_withdrawal")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replacement")),
    )
    op.create_index(op.f("ix_replacement_edition_id"), "replacement", ["edition_id"], unique=False)
    op.create_index(op.f("ix_replacement_withdrawal_id"), "replacement", ["withdrawal_id"], unique=False)
    op.create_table(
        "review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("stage", PlainText(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("stage_since", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("returned_from", PlainText(), nullable=False),
        sa.Column("is_small_change", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "stage IN ('draft', 'returned', 'section_review', 'office_review', 'bureau_decision', 'city_review', 'city_decision', 'filing', 'approved', 'withheld', 'stopped', 'merged')",
            name=op.f("ck_review_stage"),
        ),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_review_record_id_record")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_review_revision_id_revision")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
    )
    op.create_index(op.f("ix_review_record_id"), "review", ["record_id"], unique=False)
    op.create_index(
        "uq_review_open",
        "review",
        ["record_id"],
        unique=True,
        sqlite_where=sa.text("is_open"),
        postgresql_where=sa.text("is_open"),
    )
    op.create_table(
        "approval",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=True),
        sa.Column("document", PlainText(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("lines", PlainText(), nullable=False),
        sa.Column("approved_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_approval_record_id_record")),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("fk_approval_review_id_review")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_approval_revision_id_revision")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
        sa.UniqueConstraint("revision_id", name=op.f("uq_approval_revision_id")),
    )
    op.create_index(op.f("ix_approval_record_id"), "approval", ["record_id"], unique=False)
    op.create_table(
        "finding_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("event", PlainText(), nullable=False),
        sa.Column("from_state", PlainText(), nullable=False),
        sa.Column("to_state", PlainText(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("note", PlainText(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["finding_id"], ["finding.id"], name=op.f("fk_finding_step_finding_id_finding")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_finding_step_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding_step")),
    )
    op.create_index(op.f("ix_finding_step_finding_id"), "finding_step", ["finding_id"], unique=False)
    op.create_index(op.f("ix_finding_step_person_id"), "finding_step", ["person_id"], unique=False)
    op.create_table(
        "inspection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", PlainText(), nullable=False),
        sa.Column("checklist_id", sa.Integer(), nullable=False),
        sa.Column("content_digest", PlainText(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=True),
        sa.Column("occurrence_id", sa.Integer(), nullable=True),
        sa.Column("state", PlainText(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("method", PlainText(), nullable=False),
        sa.Column("is_late_entry", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("comment_due", sa.Date(), nullable=True),
        sa.Column("comment_kind", PlainText(), nullable=False),
        sa.Column("comment", PlainText(), nullable=False),
        sa.Column("comment_by", sa.Integer(), nullable=True),
        sa.Column("comment_at", UtcDateTime(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.CheckConstraint("(number IS NULL) = (state <> 'signed')", name=op.f("ck_inspection_numbered")),
        sa.CheckConstraint(
            "comment_kind = '' OR comment_kind IN ('comment', 'on_spot', 'silence')",
            name=op.f("ck_inspection_comment_kind"),
        ),
        sa.CheckConstraint(
            "kind IN ('routine', 'key', 'special', 'random', 'follow_up', 'complaint')", name=op.f("ck_inspection_kind")
        ),
        sa.CheckConstraint(
            "state IN ('planned', 'in_progress', 'drafted', 'in_comment', 'commented', 'signed', 'cancelled')",
            name=op.f("ck_inspection_state"),
        ),
        sa.ForeignKeyConstraint(["checklist_id"], ["checklist.id"], name=op.f("fk_inspection_checklist_id_checklist")),
        sa.ForeignKeyConstraint(["comment_by"], ["person.id"], name=op.f("fk_inspection_comment_by_person")),
        sa.ForeignKeyConstraint(
            ["content_digest"],
            ["checklist_content.digest"],
            name=op.f("fk_inspection_content_digest_checklist_content"),
        ),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_inspection_made_by_person")),
        sa.ForeignKeyConstraint(
            ["occurrence_id"],
            ["inspection_occurrence.id"],
            name=op.f("fk_inspection_occurrence_id_inspection_occurrence"),
        ),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_inspection_record_id_record")),
        sa.ForeignKeyConstraint(["section_id"], ["section.id"], name=op.f("fk_inspection_section_id_section")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection")),
        sa.UniqueConstraint("year", "number", name=op.f("uq_inspection_year_number")),
    )
    op.create_index(op.f("ix_inspection_checklist_id"), "inspection", ["checklist_id"], unique=False)
    op.create_index(op.f("ix_inspection_record_id"), "inspection", ["record_id"], unique=False)
    op.create_index(op.f("ix_inspection_section_id"), "inspection", ["section_id"], unique=False)
    op.create_index(op.f("ix_inspection_state"), "inspection", ["state"], unique=False)
    op.create_table(
        "matter_lack",
        sa.Column("matter_id", sa.Integer(), nullable=False),
        sa.Column("key", PlainText(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("noted_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["finding_id"], ["finding.id"], name=op.f("fk_matter_lack_finding_id_finding")),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_matter_lack_matter_id_matter")),
        sa.PrimaryKeyConstraint("matter_id", "key", name=op.f("pk_matter_lack")),
    )
    op.create_table(
        "nil_return",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("category", PlainText(), nullable=False),
        sa.Column("basis", PlainText(), nullable=False),
        sa.Column("declared_by", sa.Integer(), nullable=False),
        sa.Column("declared_at", UtcDateTime(), nullable=False),
        sa.Column("signature_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.Column("reason", PlainText(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_nil_return_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["declared_by"], ["person.id"], name=op.f("fk_nil_return_declared_by_person")),
        sa.ForeignKeyConstraint(["section_id"], ["section.id"], name=op.f("fk_nil_return_section_id_section")),
        sa.ForeignKeyConstraint(
            ["signature_id"], ["package_signature.id"], name=op.f("fk_nil_return_signature_id_package_signature")
        ),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["person.id"], name=op.f("fk_nil_return_withdrawn_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nil_return")),
    )
    op.create_index(
        "uq_nil_return_standing",
        "nil_return",
        ["campaign_id", "section_id", "category"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_table(
        "order_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("result", PlainText(), nullable=False),
        sa.Column("test", PlainText(), nullable=False),
        sa.Column("needs_evidence", sa.Boolean(), nullable=False),
        sa.Column("is_accepted", sa.Boolean(), nullable=False),
        sa.Column("is_live", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["finding_id"], ["finding.id"], name=op.f("fk_order_item_finding_id_finding")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["rectification_order.id"], name=op.f("fk_order_item_order_id_rectification_order")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_item")),
        sa.UniqueConstraint("order_id", "position", name=op.f("uq_order_item_order_id_position")),
    )
    op.create_index(op.f("ix_order_item_finding_id"), "order_item", ["finding_id"], unique=False)
    op.create_index(op.f("ix_order_item_order_id"), "order_item", ["order_id"], unique=False)
    op.create_index(
        "uq_order_item_live",
        "order_item",
        ["finding_id"],
        unique=True,
        sqlite_where=sa.text("is_live"),
        postgresql_where=sa.text("is_live"),
    )
    op.create_table(
        "package_item",
        sa.Column("signature_id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("digest", PlainText(), nullable=False),
        sa.Column("refused", PlainText(), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_package_item_record_id_record")),
        sa.ForeignKeyConstraint(
            ["signature_id"], ["package_signature.id"], name=op.f("fk_package_item_signature_id_package_signature")
        ),
        sa.PrimaryKeyConstraint("signature_id", "record_id", name=op.f("pk_package_item")),
    )
    op.create_index(op.f("ix_package_item_record_id"), "package_item", ["record_id"], unique=False)
    op.create_table(
        "seat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("stage", PlainText(), nullable=False),
        sa.Column("kind", PlainText(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=True),
        sa.Column("state", PlainText(), nullable=False),
        sa.Column("assigned_to", sa.Integer(), nullable=True),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "stage IN ('draft', 'returned', 'section_review', 'office_review', 'bureau_decision', 'city_review', 'city_decision', 'filing', 'approved', 'withheld', 'stopped', 'merged')",
            name=op.f("ck_seat_stage"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'recorded', 'dissent', 'approved', 'ruled', 'returned', 'void')",
            name=op.f("ck_seat_state"),
        ),
        sa.ForeignKeyConstraint(["assigned_to"], ["person.id"], name=op.f("fk_seat_assigned_to_person")),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("fk_seat_review_id_review")),
        sa.ForeignKeyConstraint(["section_id"], ["section.id"], name=op.f("fk_seat_section_id_section")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat")),
    )
    op.create_index("ix_seat_open", "seat", ["state", "kind", "section_id"], unique=False)
    op.create_index(op.f("ix_seat_review_id"), "seat", ["review_id"], unique=False)
    op.create_table(
        "batch_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("digest", PlainText(), nullable=False),
        sa.Column("outcome", PlainText(), nullable=False),
        sa.Column("note", PlainText(), nullable=False),
        sa.CheckConstraint("outcome IN ('approve', 'return', 'defer')", name=op.f("ck_batch_item_outcome")),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_batch_item_batch_id_batch")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_batch_item_record_id_record")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_batch_item_seat_id_seat")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_item")),
    )
    op.create_index(op.f("ix_batch_item_record_id"), "batch_item", ["record_id"], unique=False)
    op.create_index(op.f("ix_batch_item_seat_id"), "batch_item", ["seat_id"], unique=False)
    op.create_index("uq_batch_item_seat", "batch_item", ["batch_id", "seat_id"], unique=True)
    op.create_table(
        "edition_item",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("approval_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["approval_id"], ["approval.id"], name=op.f("fk_edition_item_approval_id_approval")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_edition_item_edition_id_edition")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_edition_item_record_id_record")),
        sa.PrimaryKeyConstraint("edition_id", "record_id", name=op.f("pk_edition_item")),
    )
    op.create_index(op.f("ix_edition_item_approval_id"), "edition_item", ["approval_id"], unique=False)
    op.create_table(
        "inspection_answer",
        sa.Column("inspection_id", sa.Integer(), nullable=False),
        sa.Column("item_key", PlainText(), nullable=False),
        sa.Column("value", PlainText(), nullable=False),
        sa.Column("note", PlainText(), nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "value IN ('met', 'mostly', 'unmet', 'not_applicable', 'not_checked')",
            name=op.f("ck_inspection_answer_value"),
        ),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"], name=op.f("fk_inspection_answer_answered_by_person")),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspection.id"], name=op.f("fk_inspection_answer_inspection_id_inspection")
        ),
        sa.PrimaryKeyConstraint("inspection_id", "item_key", name=op.f("pk_inspection_answer")),
    )
    op.create_table(
        "inspection_evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inspection_id", sa.Integer(), nullable=False),
        sa.Column("item_key", PlainText(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("name", PlainText(), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.Column("removed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["added_by"], ["person.id"], name=op.f("fk_inspection_evidence_added_by_person")),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"], name=op.f("fk_inspection_evidence_file_id_file")),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspection.id"], name=op.f("fk_inspection_evidence_inspection_id_inspection")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_evidence")),
    )
    op.create_index(op.f("ix_inspection_evidence_file_id"), "inspection_evidence", ["file_id"], unique=False)
    op.create_index(
        op.f("ix_inspection_evidence_inspection_id"), "inspection_evidence", ["inspection_id"], unique=False
    )
    op.create_table(
        "inspection_member",
        sa.Column("inspection_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspection.id"], name=op.f("fk_inspection_member_inspection_id_inspection")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_inspection_member_person_id_person")),
        sa.PrimaryKeyConstraint("inspection_id", "person_id", name=op.f("pk_inspection_member")),
    )
    op.create_index(op.f("ix_inspection_member_person_id"), "inspection_member", ["person_id"], unique=False)
    op.create_table(
        "inspection_signature",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inspection_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", PlainText(), nullable=False),
        sa.Column("witness", PlainText(), nullable=False),
        sa.Column("note", PlainText(), nullable=False),
        sa.Column("signed_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("kind <> 'refused' OR witness <> ''", name=op.f("ck_inspection_signature_witness")),
        sa.CheckConstraint("kind IN ('inspector', 'head', 'refused')", name=op.f("ck_inspection_signature_kind")),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspection.id"], name=op.f("fk_inspection_signature_inspection_id_inspection")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_inspection_signature_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_signature")),
        sa.UniqueConstraint(
            "inspection_id", "person_id", "kind", name=op.f("uq_inspection_signature_inspection_id_person_id_kind")
        ),
    )
    op.create_index(
        op.f("ix_inspection_signature_inspection_id"), "inspection_signature", ["inspection_id"], unique=False
    )
    op.create_table(
        "inspection_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inspection_id", sa.Integer(), nullable=False),
        sa.Column("event", PlainText(), nullable=False),
        sa.Column("from_state", PlainText(), nullable=False),
        sa.Column("to_state", PlainText(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("note", PlainText(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspection.id"], name=op.f("fk_inspection_step_inspection_id_inspection")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_inspection_step_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_step")),
    )
    op.create_index(op.f("ix_inspection_step_inspection_id"), "inspection_step", ["inspection_id"], unique=False)
    op.create_table(
        "order_feedback",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("done", PlainText(), nullable=False),
        sa.Column("root_cause", PlainText(), nullable=False),
        sa.Column("evidence", PlainText(), nullable=False),
        sa.Column("responsible", PlainText(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "root_cause IN ('work', 'system', 'condition', 'record')", name=op.f("ck_order_feedback_root_cause")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_order_feedback_author_id_person")),
        sa.ForeignKeyConstraint(["item_id"], ["order_item.id"], name=op.f("fk_order_feedback_item_id_order_item")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_feedback")),
        sa.UniqueConstraint("item_id", "cycle", "round", name=op.f("uq_order_feedback_item_id_cycle_round")),
    )
    op.create_index(op.f("ix_order_feedback_author_id"), "order_feedback", ["author_id"], unique=False)
    op.create_index(op.f("ix_order_feedback_item_id"), "order_feedback", ["item_id"], unique=False)
    op.create_table(
        "review_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("stage", PlainText(), nullable=False),
        sa.Column("action", PlainText(), nullable=False),
        sa.Column("digest", PlainText(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("behalf_of", PlainText(), nullable=False),
        sa.Column("note", PlainText(), nullable=False),
        sa.Column("attested", PlainText(), nullable=False),
        sa.Column("to_stage", PlainText(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("request_key", PlainText(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_review_step_batch_id_batch")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_review_step_person_id_person")),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("fk_review_step_review_id_review")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_review_step_seat_id_seat")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_step")),
        sa.UniqueConstraint("request_key", name=op.f("uq_review_step_request_key")),
    )
    op.create_index(op.f("ix_review_step_person_id"), "review_step", ["person_id"], unique=False)
    op.create_index(op.f("ix_review_step_review_id"), "review_step", ["review_id"], unique=False)
    op.create_table(
        "supervision_addendum",
        sa.Column("inspection_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", PlainText(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspection.id"], name=op.f("fk_supervision_addendum_inspection_id_inspection")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_supervision_addendum_person_id_person")),
        sa.PrimaryKeyConstraint("inspection_id", "number", name=op.f("pk_supervision_addendum")),
    )
    op.create_table(
        "supervision_record",
        sa.Column("inspection_id", sa.Integer(), nullable=False),
        sa.Column("content", PlainText(), nullable=False),
        sa.Column("digest", PlainText(), nullable=False),
        sa.Column("rendered_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspection.id"], name=op.f("fk_supervision_record_inspection_id_inspection")
        ),
        sa.PrimaryKeyConstraint("inspection_id", name=op.f("pk_supervision_record")),
        sa.UniqueConstraint("digest", name=op.f("uq_supervision_record_digest")),
    )
    op.create_table(
        "order_recheck",
        sa.Column("feedback_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("checker_id", sa.Integer(), nullable=False),
        sa.Column("is_accepted", sa.Boolean(), nullable=False),
        sa.Column("reason", PlainText(), nullable=False),
        sa.Column("method", PlainText(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("is_accepted OR reason <> ''", name=op.f("ck_order_recheck_reason")),
        sa.CheckConstraint("method IN ('document', 'on_site')", name=op.f("ck_order_recheck_method")),
        sa.CheckConstraint("checker_id <> author_id", name=op.f("ck_order_recheck_second_person")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_order_recheck_author_id_person")),
        sa.ForeignKeyConstraint(["checker_id"], ["person.id"], name=op.f("fk_order_recheck_checker_id_person")),
        sa.ForeignKeyConstraint(
            ["feedback_id"], ["order_feedback.id"], name=op.f("fk_order_recheck_feedback_id_order_feedback")
        ),
        sa.PrimaryKeyConstraint("feedback_id", name=op.f("pk_order_recheck")),
    )
    op.create_index(op.f("ix_order_recheck_checker_id"), "order_recheck", ["checker_id"], unique=False)
    op.create_table(
        "problem",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("field", PlainText(), nullable=False),
        sa.Column("severity", PlainText(), nullable=False),
        sa.Column("content", PlainText(), nullable=False),
        sa.Column("reply", PlainText(), nullable=False),
        sa.Column("reply_note", PlainText(), nullable=False),
        sa.Column("replied_by", sa.Integer(), nullable=True),
        sa.Column("replied_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("reply IN ('', 'adopted', 'partly', 'not')", name=op.f("ck_problem_reply")),
        sa.CheckConstraint("severity IN ('must', 'advice')", name=op.f("ck_problem_severity")),
        sa.ForeignKeyConstraint(["replied_by"], ["person.id"], name=op.f("fk_problem_replied_by_person")),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("fk_problem_review_id_review")),
        sa.ForeignKeyConstraint(["step_id"], ["review_step.id"], name=op.f("fk_problem_step_id_review_step")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_problem")),
    )
    op.create_index(op.f("ix_problem_review_id"), "problem", ["review_id"], unique=False)
    for table in IMMUTABLE:
        forbid_change(table)


def downgrade() -> None:
    for table in IMMUTABLE:
        allow_change(table)
    op.drop_index(op.f("ix_problem_review_id"), table_name="problem")
    op.drop_table("problem")
    op.drop_index(op.f("ix_order_recheck_checker_id"), table_name="order_recheck")
    op.drop_table("order_recheck")
    op.drop_table("supervision_record")
    op.drop_table("supervision_addendum")
    op.drop_index(op.f("ix_review_step_review_id"), table_name="review_step")
    op.drop_index(op.f("ix_review_step_person_id"), table_name="review_step")
    op.drop_table("review_step")
    op.drop_index(op.f("ix_order_feedback_item_id"), table_name="order_feedback")
    op.drop_index(op.f("ix_order_feedback_author_id"), table_name="order_feedback")
    op.drop_table("order_feedback")
    op.drop_index(op.f("ix_inspection_step_inspection_id"), table_name="inspection_step")
    op.drop_table("inspection_step")
    op.drop_index(op.f("ix_inspection_signature_inspection_id"), table_name="inspection_signature")
    op.drop_table("inspection_signature")
    op.drop_index(op.f("ix_inspection_member_person_id"), table_name="inspection_member")
    op.drop_table("inspection_member")
    op.drop_index(op.f("ix_inspection_evidence_inspection_id"), table_name="inspection_evidence")
    op.drop_index(op.f("ix_inspection_evidence_file_id"), table_name="inspection_evidence")
    op.drop_table("inspection_evidence")
    op.drop_table("inspection_answer")
    op.drop_index(op.f("ix_edition_item_approval_id"), table_name="edition_item")
    op.drop_table("edition_item")
    op.drop_index("uq_batch_item_seat", table_name="batch_item")
    op.drop_index(op.f("ix_batch_item_seat_id"), table_name="batch_item")
    op.drop_index(op.f("ix_batch_item_record_id"), table_name="batch_item")
    op.drop_table("batch_item")
    op.drop_index(op.f("ix_seat_review_id"), table_name="seat")
    op.drop_index("ix_seat_open", table_name="seat")
    op.drop_table("seat")
    op.drop_index(op.f("ix_package_item_record_id"), table_name="package_item")
    op.drop_table("package_item")
    op.drop_index(
        "uq_order_item_live",
        table_name="order_item",
        sqlite_where=sa.text("is_live"),
        postgresql_where=sa.text("is_live"),
    )
    op.drop_index(op.f("ix_order_item_order_id"), table_name="order_item")
    op.drop_index(op.f("ix_order_item_finding_id"), table_name="order_item")
    op.drop_table("order_item")
    op.drop_index(
        "uq_nil_return_standing",
        table_name="nil_return",
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.drop_table("nil_return")
    op.drop_table("matter_lack")
    op.drop_index(op.f("ix_inspection_state"), table_name="inspection")
    op.drop_index(op.f("ix_inspection_section_id"), table_name="inspection")
    op.drop_index(op.f("ix_inspection_record_id"), table_name="inspection")
    op.drop_index(op.f("ix_inspection_checklist_id"), table_name="inspection")
    op.drop_table("inspection")
    op.drop_index(op.f("ix_finding_step_person_id"), table_name="finding_step")
    op.drop_index(op.f("ix_finding_step_finding_id"), table_name="finding_step")
    op.drop_table("finding_step")
    op.drop_index(op.f("ix_approval_record_id"), table_name="approval")
    op.drop_table("approval")
    op.drop_index(
        "uq_review_open", table_name="review", sqlite_where=sa.text("is_open"), postgresql_where=sa.text("is_open")
    )
    op.drop_index(op.f("ix_review_record_id"), table_name="review")
    op.drop_table("review")
    op.drop_index(op.f("ix_replacement_withdrawal_id"), table_name="replacement")
    op.drop_index(op.f("ix_replacement_edition_id"), table_name="replacement")
    op.drop_table("replacement")
    op.drop_index(op.f("ix_package_signature_package_id"), table_name="package_signature")
    op.drop_table("package_signature")
    op.drop_table("matter_trace")
    op.drop_index(op.f("ix_inspection_occurrence_line_id"), table_name="inspection_occurrence")
    op.drop_index(op.f("ix_inspection_occurrence_due_on"), table_name="inspection_occurrence")
    op.drop_table("inspection_occurrence")
    op.drop_index(op.f("ix_identity_look_complaint_id"), table_name="identity_look")
    op.drop_table("identity_look")
    op.drop_index(op.f("ix_finding_state"), table_name="finding")
    op.drop_index("ix_finding_source", table_name="finding")
    op.drop_index(op.f("ix_finding_section_id"), table_name="finding")
    op.drop_index("ix_finding_repeat", table_name="finding")
    op.drop_index(op.f("ix_finding_record_id"), table_name="finding")
    op.drop_table("finding")
    op.drop_index(op.f("ix_complaint_step_person_id"), table_name="complaint_step")
    op.drop_index("ix_complaint_step_complaint", table_name="complaint_step")
    op.drop_table("complaint_step")
    op.drop_table("complaint_identity")
    op.drop_table("campaign_attendance")
    op.drop_index(
        "uq_wording_item_open",
        table_name="wording_item",
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_index("uq_wording_item", table_name="wording_item")
    op.drop_index(op.f("ix_wording_item_record_id"), table_name="wording_item")
    op.drop_table("wording_item")
    op.drop_table("withholding_term")
    op.drop_index(
        "uq_withdrawal_standing",
        table_name="withdrawal",
        sqlite_where=sa.text("NOT is_lifted"),
        postgresql_where=sa.text("NOT is_lifted"),
    )
    op.drop_index(op.f("ix_withdrawal_record_id"), table_name="withdrawal")
    op.drop_table("withdrawal")
    op.drop_table("warning_reason")
    op.drop_index(op.f("ix_training_result_session_id"), table_name="training_result")
    op.drop_index("ix_training_result_person", table_name="training_result")
    op.drop_table("training_result")
    op.drop_index("ix_training_attendance_session", table_name="training_attendance")
    op.drop_index(op.f("ix_training_attendance_person_id"), table_name="training_attendance")
    op.drop_table("training_attendance")
    op.drop_index(op.f("ix_sign_in_account_id"), table_name="sign_in")
    op.drop_table("sign_in")
    op.drop_table("revision")
    op.drop_index("ix_record_link_target", table_name="record_link")
    op.drop_table("record_link")
    op.drop_table("package")
    op.drop_index(op.f("ix_order_step_person_id"), table_name="order_step")
    op.drop_index(op.f("ix_order_step_order_id"), table_name="order_step")
    op.drop_table("order_step")
    op.drop_table("order_cycle")
    op.drop_index(op.f("ix_matter_section_id"), table_name="matter")
    op.drop_index(op.f("ix_matter_power_id"), table_name="matter")
    op.drop_index(op.f("ix_matter_kind"), table_name="matter")
    op.drop_index(op.f("ix_matter_decided_on"), table_name="matter")
    op.drop_table("matter")
    op.drop_index(op.f("ix_listing_section_id"), table_name="listing")
    op.drop_index("ix_listing_page", table_name="listing")
    op.drop_index("ix_listing_counts", table_name="listing")
    op.drop_table("listing")
    op.drop_index(op.f("ix_inventory_verdict_record_id"), table_name="inventory_verdict")
    op.drop_table("inventory_verdict")
    op.drop_index(op.f("ix_inspection_plan_line_year"), table_name="inspection_plan_line")
    op.drop_index(op.f("ix_inspection_plan_line_section_id"), table_name="inspection_plan_line")
    op.drop_table("inspection_plan_line")
    op.drop_index("ix_import_run_account", table_name="import_run")
    op.drop_table("import_run")
    op.drop_index(
        "uq_edition_prepared",
        table_name="edition",
        sqlite_where=sa.text("state = 'prepared'"),
        postgresql_where=sa.text("state = 'prepared'"),
    )
    op.drop_table("edition")
    op.drop_table("draft_editor")
    op.drop_table("draft")
    op.drop_index(
        "uq_directory_change_open",
        table_name="directory_change",
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_index(op.f("ix_directory_change_key"), table_name="directory_change")
    op.drop_table("directory_change")
    op.drop_index(op.f("ix_complaint_elsewhere_power_id"), table_name="complaint_elsewhere")
    op.drop_table("complaint_elsewhere")
    op.drop_index("ix_complaint_state", table_name="complaint")
    op.drop_index(op.f("ix_complaint_power_id"), table_name="complaint")
    op.drop_index(op.f("ix_complaint_assignee_id"), table_name="complaint")
    op.drop_index(op.f("ix_complaint_about_section_id"), table_name="complaint")
    op.drop_index(op.f("ix_complaint_about_person_id"), table_name="complaint")
    op.drop_table("complaint")
    op.drop_index(
        "uq_clock_segment_open",
        table_name="clock_segment",
        sqlite_where=sa.text("until IS NULL"),
        postgresql_where=sa.text("until IS NULL"),
    )
    op.drop_index(op.f("ix_clock_segment_clock_id"), table_name="clock_segment")
    op.drop_table("clock_segment")
    op.drop_index(op.f("ix_clock_overdue_became_true_at"), table_name="clock_overdue")
    op.drop_table("clock_overdue")
    op.drop_index(
        "uq_clock_extension_pending",
        table_name="clock_extension",
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.drop_index(op.f("ix_clock_extension_clock_id"), table_name="clock_extension")
    op.drop_table("clock_extension")
    op.drop_index(op.f("ix_clock_change_clock_id"), table_name="clock_change")
    op.drop_table("clock_change")
    op.drop_index(op.f("ix_claim_ruling_other_id"), table_name="claim_ruling")
    op.drop_index(op.f("ix_claim_ruling_kept_id"), table_name="claim_ruling")
    op.drop_table("claim_ruling")
    op.drop_table("chart_states")
    op.drop_index(op.f("ix_chart_origin_power_id"), table_name="chart_origin")
    op.drop_index(op.f("ix_chart_origin_origin_id"), table_name="chart_origin")
    op.drop_table("chart_origin")
    op.drop_index(op.f("ix_card_section_id"), table_name="card")
    op.drop_index(op.f("ix_card_order_id"), table_name="card")
    op.drop_table("card")
    op.drop_index(op.f("ix_campaign_task_campaign_id"), table_name="campaign_task")
    op.drop_table("campaign_task")
    op.drop_index(op.f("ix_campaign_phase_campaign_id"), table_name="campaign_phase")
    op.drop_table("campaign_phase")
    op.drop_index(op.f("ix_campaign_meeting_campaign_id"), table_name="campaign_meeting")
    op.drop_table("campaign_meeting")
    op.drop_table("campaign_inner_date")
    op.drop_index(op.f("ix_campaign_document_campaign_id"), table_name="campaign_document")
    op.drop_table("campaign_document")
    op.drop_table("autosave")
    op.drop_index(op.f("ix_article_version_id"), table_name="article")
    op.drop_table("article")
    op.drop_index(op.f("ix_appointment_post_id"), table_name="appointment")
    op.drop_index(op.f("ix_appointment_person_id"), table_name="appointment")
    op.drop_table("appointment")
    op.drop_table("wording")
    op.drop_index(op.f("ix_training_session_planned_on"), table_name="training_session")
    op.drop_table("training_session")
    op.drop_table("training_requirement")
    op.drop_table("training_plan")
    op.drop_index(op.f("ix_supervision_switch_key"), table_name="supervision_switch")
    op.drop_table("supervision_switch")
    op.drop_table("shared_clause")
    op.drop_index(op.f("ix_section_change_section_id"), table_name="section_change")
    op.drop_table("section_change")
    op.drop_index("ix_role_term_role", table_name="role_term")
    op.drop_index(op.f("ix_role_term_person_id"), table_name="role_term")
    op.drop_table("role_term")
    op.drop_index(op.f("ix_rectification_order_state"), table_name="rectification_order")
    op.drop_index(op.f("ix_rectification_order_section_id"), table_name="rectification_order")
    op.drop_table("rectification_order")
    op.drop_index(op.f("ix_record_section_id"), table_name="record")
    op.drop_table("record")
    op.drop_index(op.f("ix_post_section_id"), table_name="post")
    op.drop_table("post")
    op.drop_index(op.f("ix_notice_shown_until"), table_name="notice")
    op.drop_table("notice")
    op.drop_table("law_version")
    op.drop_index(op.f("ix_law_alias_law_id"), table_name="law_alias")
    op.drop_table("law_alias")
    op.drop_table("heading_alias")
    op.drop_index(op.f("ix_handover_to_id"), table_name="handover")
    op.drop_index(op.f("ix_handover_from_id"), table_name="handover")
    op.drop_table("handover")
    op.drop_index("ix_guidance_scope", table_name="guidance")
    op.drop_table("guidance")
    op.drop_index(op.f("ix_group_member_person_id"), table_name="group_member")
    op.drop_table("group_member")
    op.drop_table("file")
    op.drop_table("discipline_transfer")
    op.drop_table("directory_version")
    op.drop_index(op.f("ix_dialling_key"), table_name="dialling")
    op.drop_table("dialling")
    op.drop_index("ix_clock_due", table_name="clock")
    op.drop_table("clock")
    op.drop_table("checklist")
    op.drop_index(
        "uq_campaign_open", table_name="campaign", sqlite_where=sa.text("is_open"), postgresql_where=sa.text("is_open")
    )
    op.drop_table("campaign")
    op.drop_table("bureau")
    op.drop_table("batch")
    op.drop_table("account")
    op.drop_table("time_limit_rule")
    op.drop_index(op.f("ix_security_event_at"), table_name="security_event")
    op.drop_table("security_event")
    op.drop_table("section")
    op.drop_table("public_words")
    op.drop_table("person")
    op.drop_table("lease")
    op.drop_table("law")
    op.drop_table("journal_head")
    op.drop_index(op.f("ix_journal_entry_subject"), table_name="journal_entry")
    op.drop_table("journal_entry")
    op.drop_table("checklist_content")
    op.drop_table("calendar_day")
    op.drop_table("article_successor")


def forbid_change(table: str) -> None:
    """Let the database itself refuse UPDATE and DELETE on a table."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION {table}_is_immutable() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{table} is immutable'; END $$",
        )
        op.execute(
            f"CREATE TRIGGER {table}_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_is_immutable()",
        )
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is immutable'); END",
        )


def allow_change(table: str) -> None:
    """Take the refusal away again, before the table is dropped."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP TRIGGER {table}_immutable ON {table}")
        op.execute(f"DROP FUNCTION {table}_is_immutable()")
        return
    for act in ("update", "delete"):
        op.execute(f"DROP TRIGGER {table}_no_{act}")
