"""The only memory of the vent: how often within the hour, per person, salted, bounded, in RAM."""

from datetime import UTC, datetime, timedelta

from coaching.people import Person
from coaching.rounds import Rounds

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def person(number=1):
    return Person("web", "local", f"U{number}")


def test_rounds_count_for_an_hour():
    """Opening counts, coming back does not; after an hour nothing is left, not even a name's hash."""
    rounds = Rounds(b"salt")
    assert rounds.count(person(), NOW, opened=False)[0] == 0
    assert rounds._seen == {}
    assert rounds.count(person(2), NOW, opened=True)[0] == 1
    assert [rounds.count(person(), NOW + timedelta(minutes=20 * n), opened=True)[0] for n in range(4)] == [
        1,
        2,
        3,
        3,
    ]
    assert len(rounds._seen) == 1
    rounds.forget(NOW + timedelta(minutes=119))
    assert len(rounds._seen) == 1
    rounds.forget(NOW + timedelta(minutes=120))
    assert rounds._seen == {}
    assert rounds.count(person(), NOW + timedelta(hours=3), opened=False)[0] == 0
    assert rounds._seen == {}


def test_each_round_has_another_wording():
    """The seed grows by one from round to round and stays within one."""
    rounds = Rounds(b"salt")
    first = rounds.count(person(), NOW, opened=True)[1]
    assert rounds.count(person(), NOW, opened=False)[1] == first
    assert rounds.count(person(), NOW, opened=True)[1] == first + 1


def test_they_are_bounded_and_hold_no_name():
    """Whoever was seen longest ago is forgotten first; keys are hashes of a salt's own."""
    rounds = Rounds(b"salt", bound=3)
    for number in range(5):
        rounds.count(person(number), NOW, opened=True)
    assert len(rounds._seen) == 3
    assert rounds.count(person(0), NOW, opened=True)[0] == 1
    assert rounds.count(person(4), NOW, opened=True)[0] == 2
    assert not any(b"U" in key and b"local" in key for key in rounds._seen)
    other = Rounds(b"another")
    other.count(person(4), NOW, opened=True)
    assert not other._seen.keys() & rounds._seen.keys()
