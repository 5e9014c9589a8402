"""Fixtures for tests of operations: a small bureau on either database."""

import pytest

from harness.bureau import SmallBureau, found_bureau
from webapp.db import Database


@pytest.fixture
def bureau(database: Database) -> SmallBureau:
    """A small bureau with its people."""
    return found_bureau(database)
