"""The key of the marks on letters: whoever draws first draws for all."""

import asyncio

from storage.db import open_database
from storage.letter_key import letter_key_of


async def test_the_first_key_stays(database):
    """Drawn once; what others draw later counts for nothing."""
    for drawn in (b"first", b"second"):
        assert await database.transact(lambda c, drawn=drawn: letter_key_of(c, drawn)) == b"first"


async def test_two_processes_that_start_together_share_one_key(url):
    """Neither keeps a key of its own."""
    doors = [open_database(url) for _ in range(8)]
    drawn = [bytes([number]) * 32 for number in range(8)]
    works = [
        door.transact(lambda c, key=key: letter_key_of(c, key))
        for door, key in zip(doors, drawn, strict=True)
    ]
    found = await asyncio.gather(*works)
    for door in doors:
        await door.close()
    assert len(set(found)) == 1
    assert found[0] in drawn
