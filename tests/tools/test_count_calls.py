"""A request costs the same whatever the number of handlers: counted in function calls, which is exact."""

import pytest

from tools.count_calls import bolt, ours


@pytest.mark.parametrize("form", [False, True], ids=["command", "form"])
def test_two_hundred_handlers_cost_what_five_do(playbook, form):
    """A command and a form that is sent take exactly as many calls with 200 to choose from as with 5."""
    assert ours(playbook, 200, form) == ours(playbook, 5, form)


def test_the_count_would_see_it():
    """Bolt alone asks one listener after the other: the same count grows there."""
    few, many = bolt(5), bolt(200)
    assert many > 5 * few > 0
