"""The sample's public edition as a folder, built once, and copies of it to spoil."""

import shutil
from pathlib import Path

import pytest

from harness.editions import sample_content, write_bundle


@pytest.fixture(scope="session")
def sample_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle of the sample's first public edition; leave it as it is."""
    return write_bundle(sample_content(), tmp_path_factory.mktemp("edition") / "public-0001")


@pytest.fixture
def bundle_copy(sample_bundle: Path, tmp_path: Path) -> Path:
    """A copy of it to change."""
    return Path(shutil.copytree(sample_bundle, tmp_path / "copy"))
