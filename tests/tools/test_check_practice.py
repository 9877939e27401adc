"""The tool that plays the practice: it finds what is broken, and prints a game as one reads it."""

import sys
from dataclasses import replace

from coaching.practice.acts import Act
from coaching.practice.game import Outcome, begin, reply
from tools.check_practice import STYLES, main, printed, wrong


def test_a_few_games_hold(monkeypatch, capsys):
    """Nothing is broken, by chance and with the real review."""
    monkeypatch.setattr(sys, "argv", ["check_practice", "--games", "50", "--real", "3"])
    assert main() == 0
    told = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in told] == [
        "50 games, findings by chance",
        "3 games, the real review",
    ]
    assert all(line.endswith("faults {}") for line in told)


def test_what_is_broken_is_found(playbook):
    """Each promise, broken on purpose."""
    customers = list(playbook.scenarios.customers.values())
    game = reply(begin(customers[0], 1, 0), frozenset({Act.INSULT}))
    said = replace(game.turns[1], line=game.turns[0].line, heat=0)
    broken = replace(game, turns=(game.turns[0], said), outcome=Outcome.SETTLED)
    assert set(wrong(broken, customers)) == {
        "says a line twice in a row", "calms after an insult", "is won with an insult", "does not travel",
    }  # fmt: skip
    assert set(wrong(game, customers)) == {"does not end"}


def test_a_game_is_printed(playbook):
    """Every line of both, what was found, and how it ended."""
    start = begin(playbook.scenarios.customers["parcel"], 1, 1)
    told = "\n".join(printed("careful", start, playbook))
    assert start.turns[0].line in told
    assert STYLES["careful"][0] in told
    assert "-> settled" in told
    assert "worked: named in 1" in told
