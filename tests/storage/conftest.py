"""Databases for the storage tests."""

import pytest

from storage.db import open_database


@pytest.fixture
async def lite(sqlite_url):
    """An open SQLite database with our tables."""
    opened = open_database(sqlite_url)
    yield opened
    await opened.close()
