"""One Post for all platforms; every playbook by its name."""

from datetime import date, timedelta

import pytest

from bot.assembly import Posts, build_house, now, playbooks
from bot.settings import read_settings
from coaching.people import Person, Place
from coaching.playbook.tables import PlaybookError
from coaching.ports import Posted
from coaching.values import Letter, Reply
from storage.db import open_database


async def test_a_letter_goes_out_through_its_own_platform(outbox):
    """One that is switched off sends later; nobody else sends in its place."""
    posts = Posts({"web": outbox})
    here, there = (
        Letter(Place(name, "t", "D1"), "A1", date(2026, 3, 2), Reply(())) for name in ("web", "teams")
    )
    assert await posts.post(here) is Posted.SENT
    assert await posts.post(there) is Posted.LATER
    assert outbox.letters == [here]


def written(folder, title):
    (folder / "rules").mkdir(parents=True)
    (folder / "rules" / "A1.toml").write_text(f'title = "{title}"', encoding="utf-8")
    return folder


def test_the_first_playbook_of_the_company_comes_first_and_ours_last(tmp_path, playbook):
    """The first one is in use where nobody chose; ours is always there, without a name."""
    north, south = written(tmp_path / "north", "North"), written(tmp_path / "south", "South")
    found = playbooks(read_settings({"BREATHER_PLAYBOOK": f"{south};{north}"}))
    assert [(name, book.rules["A1"].title) for name, book in found.items()] == [
        ("south", "South"),
        ("north", "North"),
        ("", playbook.rules["A1"].title),
    ]
    assert playbooks(read_settings({})) == {"": playbook}


def test_the_faults_of_all_playbooks_are_told_together(tmp_path):
    """Each with the name of its playbook."""
    written(tmp_path / "north", "")
    with pytest.raises(PlaybookError) as refused:
        playbooks(read_settings({"BREATHER_PLAYBOOK": f"{tmp_path / 'north'};{tmp_path / 'south'}"}))
    assert refused.value.faults == (
        "north: A1.toml: key 'title' must be a sentence",
        "south: the folder south cannot be read (No such file or directory)",
    )


async def test_the_coach_speaks_from_the_companys_playbook(tmp_path):
    """The first one is the coach's own, and all of them are there to choose from."""
    north, south = written(tmp_path / "north", "North"), written(tmp_path / "south", "South")
    settings = read_settings({"BREATHER_PLAYBOOK": f"{north};{south}"})
    house = build_house(settings, open_database(f"sqlite:///{tmp_path / 'x.sqlite3'}"))
    try:
        assert house.coach.playbook.rules["A1"].title == "North"
        assert list(house.coach.playbooks) == ["north", "south", ""]
    finally:
        await house.database.close()


@pytest.mark.parametrize("reminders", [True, False])
async def test_what_is_in_memory_goes_without_anybody_coming(reminders, tmp_path):
    """Every process has a tick that lets go of who was in the vent space an hour ago."""
    house = build_house(
        read_settings({}), open_database(f"sqlite:///{tmp_path / 'x.sqlite3'}"), reminders=reminders
    )
    try:
        house.coach.rounds.count(Person("web", "local", "U1"), now() - timedelta(minutes=61), opened=True)
        (tick,) = (tick for tick in house.clock.ticks if tick.name == "rounds")
        assert tick.every == timedelta(minutes=1)
        await tick.run()
        assert house.coach.rounds._seen == {}
    finally:
        await house.database.close()
