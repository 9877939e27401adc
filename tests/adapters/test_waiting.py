"""Forms that wait for a tap may hold what somebody wrote: each is let go in its time, on Slack and Teams."""

from datetime import UTC, datetime, timedelta

import pytest

from adapters.slack import waiting as slack
from adapters.teams import waiting as teams
from coaching.people import Person
from coaching.sealed import Words
from coaching.values import Field, Form, Kind

AT = datetime(2026, 3, 2, tzinfo=UTC)
SHORT, LONG = timedelta(minutes=30), timedelta(minutes=31)
ANN, BEN = Person("slack", "T1", "U1"), Person("slack", "T1", "U2")
FORM = Form("review.draft", "A form", fields=(Field("draft", "Draft", Kind.TEXT, text=Words("Calm down.")),))


@pytest.fixture(params=[slack, teams], ids=["slack", "teams"])
def waiting(request):
    return request.param.Waiting(bound=3)


def test_it_is_there_for_half_an_hour_for_its_own_person(waiting):
    """More than once, and for nobody else."""
    waiting.put("key", ANN, AT, FORM)
    assert waiting.get("key", ANN, AT + SHORT) == waiting.get("key", ANN, AT + SHORT) == FORM
    assert waiting.get("key", BEN, AT) is None
    assert waiting.get("key", ANN, AT + LONG) is None
    assert waiting.get("another", ANN, AT) is None


def test_what_is_too_old_goes_with_the_next_one_that_comes(waiting):
    """Whoever that is for."""
    waiting.put("old", ANN, AT, FORM)
    waiting.put("new", BEN, AT + LONG, FORM)
    assert list(waiting._forms) == ["new"]


def test_what_is_too_old_goes_when_the_clock_says_so(waiting):
    """Though nobody comes any more; what is still good stays."""
    waiting.put("old", ANN, AT, FORM)
    waiting.put("new", ANN, AT + SHORT, FORM)
    waiting.sweep(AT + LONG)
    assert list(waiting._forms) == ["new"]
    waiting.sweep(AT + 2 * LONG)
    waiting.sweep(AT + 2 * LONG)
    assert list(waiting._forms) == []


def test_the_oldest_make_room(waiting):
    """No more of them than there is room for."""
    for number in range(5):
        waiting.put(f"{number}", ANN, AT, FORM)
    assert list(waiting._forms) == ["2", "3", "4"]
