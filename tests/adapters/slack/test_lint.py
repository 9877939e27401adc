"""The lint itself: it notices what Slack would refuse."""

import copy

import pytest
from slack_sdk.errors import SlackObjectFormationError

from tests.adapters.slack.lint import lint_blocks, lint_sent, lint_view


def text(value="x"):
    return {"type": "plain_text", "text": value, "emoji": False}


SECTION = {"type": "section", "text": text()}
BUTTON = {"type": "button", "action_id": "a", "text": text()}
ROW = {"type": "actions", "block_id": "row", "elements": [BUTTON]}
INPUT = {
    "type": "input",
    "block_id": "i",
    "label": text(),
    "element": {"type": "plain_text_input", "action_id": "line"},
}
VIEW = {"type": "modal", "title": text(), "blocks": [SECTION], "private_metadata": ""}

REFUSED = (AssertionError, KeyError, SlackObjectFormationError)
BAD = {
    "unknown block": [{"type": "sparkle"}],
    "misspelt key": [{**SECTION, "txt": text()}],
    "wrong kind of text": [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}],
    "unknown style": [{**ROW, "elements": [{**BUTTON, "style": "loud"}]}],
    "empty text": [{"type": "section", "text": text("")}],
    "long text": [{"type": "section", "text": text("x" * 3001)}],
    "long header": [{"type": "header", "text": text("x" * 151)}],
    "long button": [{**ROW, "elements": [{**BUTTON, "text": text("x" * 76)}]}],
    "one id twice": [ROW, ROW],
    "one action twice": [{**ROW, "elements": [BUTTON, BUTTON]}],
    "too many": [SECTION] * 51,
    "a table": [{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]] * 101}],
    "long feedback": [
        {
            "type": "context_actions",
            "elements": [
                {
                    "type": "feedback_buttons",
                    "action_id": "f",
                    "positive_button": {"text": text(), "value": "up", "accessibility_label": "x"},
                    "negative_button": {"text": text("x" * 76), "value": "no", "accessibility_label": "x"},
                }
            ],
        }
    ],
}


def test_good_ones_pass():
    """What is right is let through."""
    lint_blocks([SECTION, ROW, INPUT], 50)
    lint_view({**VIEW, "submit": text(), "blocks": [SECTION, INPUT]})


@pytest.mark.parametrize("case", BAD)
def test_bad_blocks_are_noticed(case):
    """Each fault fails."""
    with pytest.raises(REFUSED):
        lint_blocks(copy.deepcopy(BAD[case]), 50)


@pytest.mark.parametrize(
    "change",
    [{"title": text("x" * 25)}, {"blocks": [INPUT]}, {"colour": "red"}, {"private_metadata": "x" * 3001}],
)
def test_bad_views_are_noticed(change):
    """Long titles, inputs without a submit, unknown keys, too much metadata."""
    with pytest.raises(REFUSED):
        lint_view({**VIEW, **change})


@pytest.mark.parametrize("body", [{"blocks": [SECTION], "text": " "}, {"blocks": [INPUT], "text": "x"}])
def test_bad_messages_are_noticed(body):
    """No words beside the blocks; an input outside a window."""
    with pytest.raises(AssertionError):
        lint_sent(body)


def test_feedback_belongs_below_messages():
    """Slack shows it nowhere else."""
    buttons = {
        "type": "feedback_buttons",
        "action_id": "f",
        "positive_button": {"text": text(), "value": "up", "accessibility_label": "x"},
        "negative_button": {"text": text(), "value": "down", "accessibility_label": "x"},
    }
    row = {"type": "context_actions", "elements": [buttons]}
    lint_sent({"blocks": [SECTION, row], "text": "x"})
    with pytest.raises(AssertionError, match="messages only"):
        lint_sent({"view": {**VIEW, "blocks": [SECTION, row]}})
