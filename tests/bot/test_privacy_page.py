"""docs/privacy.md says what the program does: every table is in its list, with the limit the code keeps."""

import re
from pathlib import Path

import pytest
from sqlalchemy import inspect

from adapters.slack import states
from adapters.slack import waiting as slack_waiting
from adapters.teams import waiting as teams_waiting
from bot import assembly
from bot.settings import SETTINGS, read_settings
from coaching import learning, rounds
from storage import codes, conversations, leaving, ledger, promises, remarks, seen
from storage.db import open_database
from storage.tables import metadata

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/privacy.md").read_text(encoding="utf-8")
ROWS = {
    cells[0].strip("` "): [cell.strip() for cell in cells[1:]]
    for line in PAGE.splitlines()
    if line.startswith("| `") and len(cells := line.strip("|").split("|")) == 4
}
NOBODYS = {"slack_seen", "slack_spent", "setup", "letter_key", "channel_said", "remark"}


async def test_every_table_of_a_database_is_listed(postgres_url):
    """As they are on a server, the queue's own among them; and none that is not there."""
    database = open_database(postgres_url)
    there = await database.transact(lambda connection: set(inspect(connection).get_table_names()))
    await database.close()
    for name in there - ROWS.keys():
        pytest.fail(f"{name} has no row in the table of docs/privacy.md: what is in it, about whom, how long")
    assert set(ROWS) == there
    assert set(metadata.tables) < there


@pytest.mark.parametrize("name", metadata.tables)
def test_it_says_which_are_about_a_person(name):
    """The same as "my data" shows."""
    assert ROWS[name][1] == ("no" if name in NOBODYS else "yes")


def days(limit):
    return f"{limit.days} days"


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("person", days(leaving.GRACE)),
        ("delivery", days(ledger.KEPT)),
        ("rule_learned", days(learning.KEPT)),
        ("rule_week", f"{learning.WEEKS} weeks"),
        ("teams_conversation", days(conversations.GRACE)),
        ("promise", days(promises.KEPT)),
        ("remark", days(remarks.KEPT)),
        ("code", f"{codes.LASTS.seconds // 60} minutes"),
        ("slack_seen", f"{seen.KEPT.seconds // 3600} hour"),
        ("slack_spent", f"{states.LASTS.seconds // 60} minutes"),
        (
            "slack_installation",
            f"({next(s.default for s in SETTINGS if s.name == 'SLACK_GRACE_DAYS')} unless",
        ),
    ],
)
def test_each_limit_is_the_codes_own(table, says):
    """The number in the page is the number in the program."""
    assert says in ROWS[table][2]


def test_the_limits_of_memory_are_the_codes_own():
    """Rounds for an hour, waiting forms for half of one."""
    assert rounds._HOUR.total_seconds() == 3600
    assert "one hour" in PAGE
    assert slack_waiting._HALF_AN_HOUR == teams_waiting._HALF_AN_HOUR
    assert f"{slack_waiting._HALF_AN_HOUR.seconds // 60} minutes at most" in PAGE


def test_it_promises_no_more_than_can_be_kept():
    """No word that claims what nobody could show."""
    assert "not part of the message history" in PAGE
    assert not re.search(
        r"untraceable|anonymous|guarantee|military|100 ?%|GDPR.compliant", PAGE, re.IGNORECASE
    )


def test_what_the_threat_model_points_to_is_there():
    """Every test it names exists."""
    page = (ROOT / "docs/threats.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(tests/[\w/.]+)`", page))
    assert named
    assert {name for name in named if not (ROOT / name).exists()} == set()


async def test_the_clock_enforces_the_limits(sqlite_url):
    """Every limit has a tick that erases what is over; each runs without trouble on a fresh database."""
    settings = read_settings(
        {"DATABASE_URL": sqlite_url, "SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s"}
    )
    database = open_database(sqlite_url)
    house = assembly.build_house(settings, database)
    house.add(assembly.slack(house, settings, socket_mode=False))
    ticks = {tick.name: tick for tick in house.clock.ticks}
    for name, most in (
        ("codes", 5),
        ("rules", 24 * 60),
        ("slack.forms", 5),
        ("reviewed", 60),
        ("slack.sweep", 60),
        ("tidy", 24 * 60),
    ):
        assert ticks[name].every.total_seconds() <= most * 60
        await ticks[name].run()
    await database.close()
