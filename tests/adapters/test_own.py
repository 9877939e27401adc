"""What one person alone is offered reaches nobody else, whatever the platform."""

import json
from dataclasses import replace

import pytest

from adapters.slack.blocks import fallback as slack_summary
from adapters.slack.blocks import rendered
from adapters.teams.cards import card
from adapters.teams.cards import fallback as teams_summary
from adapters.web.render import reply_html
from coaching.values import Choice, Own
from tests.players.everything import reply

OWN = Own("U1", (Choice("canary", "canary.tap", "canary"),))

SHOWN = {
    "slack": lambda said, wording: json.dumps([rendered((said,), wording), slack_summary((said,))]),
    "teams": lambda said, wording: json.dumps([card((said,), wording), teams_summary((said,))]),
    "web": lambda said, wording: reply_html(said, wording, channel=True),
}


@pytest.mark.parametrize("platform", SHOWN)
def test_what_everybody_sees_has_nothing_of_it(platform, playbook):
    """The same as if it were not there: a platform shows it to one person, or to no one."""
    said = reply(only_you=False)
    with_it = SHOWN[platform](replace(said, own=OWN), playbook.wording)
    assert "canary" not in with_it
    assert with_it == SHOWN[platform](said, playbook.wording)
