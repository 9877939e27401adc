"""What Slack tells beside messages: the buttons under a review, and the stop button. Pure."""

from dataclasses import dataclass
from typing import Any

from adapters.slack.blocks import DOWN, FEEDBACK, UP
from adapters.slack.incoming import team_of
from coaching.people import Person

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stopped:
    """Somebody pressed the stop button in this thread."""

    who: Person
    channel: str
    thread: str


def feedback(payload: Json) -> str | None:
    """Which button under a review was pressed; None for anything else. Nothing but that is read."""
    pressed = payload.get("actions")
    action = pressed[0] if isinstance(pressed, list) and pressed else None
    if payload.get("type") != "block_actions" or not isinstance(action, dict):
        return None
    if action.get("type") != "feedback_buttons" or action.get("action_id") != FEEDBACK:
        return None
    return action["value"] if action.get("value") in (UP, DOWN) else "other"


def stopped(payload: Json) -> Stopped | None:
    """The stop button of Slack's agent view."""
    event = _event(payload)
    if event.get("type") != "agent_session_stopped":
        return None
    user, channel, thread = (str(event.get(key) or "") for key in ("user", "channel", "thread_ts"))
    return Stopped(Person("slack", team_of(payload), user), channel, thread)


def typed(payload: Json) -> bool:
    """Whether it is a message somebody wrote in a chat or a channel."""
    return _event(payload).get("type") == "message"


def _event(payload: Json) -> Json:
    event = payload.get("event")
    return event if payload.get("type") == "event_callback" and isinstance(event, dict) else {}
