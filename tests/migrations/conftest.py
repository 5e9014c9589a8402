"""A version of the product that is one migration ahead of this one, for tests of upgrades."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from webapp import schema

AHEAD = '''"""A later change, for tests."""

import sqlalchemy as sa
from alembic import op

revision = "0999"
down_revision = "{head}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("title", sa.Text(), nullable=False, server_default="同志"))
    op.create_table("later", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade() -> None:
    op.drop_table("later")
    op.drop_column("person", "title")
'''


@pytest.fixture
def ahead(tmp_path: Path) -> Iterator[pytest.MonkeyPatch]:
    """A patch for standing on the migrations of a newer version, in the folder `ahead`; undone at the end."""
    folder = Path(shutil.copytree(schema._FOLDER, tmp_path / "ahead"))  # noqa: SLF001 - the one place that names it
    (folder / "0999_ahead.py").write_text(AHEAD.format(head=schema.head()), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        yield patch
