"""Alembic's entry: runs on the connection that webapp.schema hands over, inside its transaction."""

from alembic import context

from webapp.accounts import models as _accounts
from webapp.db import Base
from webapp.deadlines import models as _deadlines
from webapp.directory import models as _directory
from webapp.journal import models as _journal
from webapp.laws import models as _laws
from webapp.powers import models as _powers
from webapp.publication import models as _publication
from webapp.reviews import models as _reviews
from webapp.revisions import models as _revisions

_EVERY_TABLE = (
    _accounts,
    _deadlines,
    _directory,
    _journal,
    _laws,
    _powers,
    _publication,
    _reviews,
    _revisions,
)

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=False,
    transactional_ddl=False,  # the transaction is the caller's
)
context.run_migrations()
