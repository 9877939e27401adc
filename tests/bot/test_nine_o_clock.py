"""Nine o'clock in one large workspace and fifty small ones: who waits how long, and for whom."""

import pytest

from tests.players.nine_o_clock import PEOPLE, SMALL, TAKEN, Straight, morning


@pytest.fixture
def house():
    made = Straight()
    yield made
    made.engine.dispose()


def test_the_large_holds_up_nobody(house, playbook):
    """While twenty thousand in one workspace want their tip, all small ones have theirs in seconds."""
    slack = morning(house, playbook, 20_000, 30)
    assert len(slack.at.pop("LARGE")) > 150
    waited = sorted(moment for moments in slack.at.values() for moment in moments)
    assert len(waited) == SMALL * PEOPLE
    assert waited[int(len(waited) * 0.99)] <= 10


def test_the_large_is_done_as_soon_as_slack_allows(house, playbook):
    """Within 1.05 of the ideal, each once, and hardly a refusal."""
    large = 2_500
    slack = morning(house, playbook, large, 1.05 * large / TAKEN)
    assert len(slack.at["LARGE"]) == large
    assert set(slack.posts.values()) == {1}
    assert sum(slack.refused.values()) <= 0.005 * (large + SMALL * PEOPLE)
