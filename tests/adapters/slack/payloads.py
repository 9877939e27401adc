"""Payloads as Slack sends them, with the parts that matter and some that must not."""

TEAM, ALICE, BOB = "T0TEAM", "U01ALICE", "U02BOB"

COMMAND = {
    "token": "x",
    "team_id": TEAM,
    "team_domain": "acme",
    "channel_id": "C01SUPPORT",
    "channel_name": "support",
    "user_id": ALICE,
    "user_name": "alice",
    "command": "/coach",
    "text": "review Calm &amp; kind",
    "api_app_id": "A1",
    "is_enterprise_install": "false",
    "response_url": "https://hooks.slack.com/commands/1",
    "trigger_id": "13345224609.738474920.8088930838d88f008e0",
}


def event(**fields):
    return {
        "token": "x",
        "team_id": TEAM,
        "api_app_id": "A1",
        "type": "event_callback",
        "event_id": "Ev0PV52K25",
        "event_time": 1772438400,
        "event": {"user": ALICE, **fields},
        "authorizations": [{"team_id": TEAM, "user_id": "U0BOT", "is_bot": True}],
    }


def message(**fields):
    made = {
        "type": "message",
        "channel": "D01",
        "channel_type": "im",
        "text": "hello",
        "ts": "1772438400.000100",
    }
    return event(**{**made, **fields})


def acted(kind, **fields):
    return {
        "type": kind,
        "team": {"id": TEAM, "domain": "acme"},
        "user": {"id": ALICE, "username": "alice", "team_id": TEAM},
        "api_app_id": "A1",
        "trigger_id": "12466734323.1395872398",
        **fields,
    }


def shortcut(author, text="Calm down.", **fields):
    handed = {"type": "message", "user": author, "text": text, "ts": "1772438400.000100", **fields}
    return acted(
        "message_action",
        callback_id="review_reply",
        channel={"id": "C01SUPPORT", "name": "support"},
        message=handed,
        message_ts=handed["ts"],
        action_ts="1772438401.1",
        response_url="https://hooks.slack.com/app/1",
    )


def button(action_id="tips.more|0", **fields):
    made = {"type": "button", "action_id": action_id, "block_id": "row|1", "action_ts": "1772438402.2"}
    return {**made, "text": {"type": "plain_text", "text": "More"}, **fields}


def tap(*, channel="C01SUPPORT", ephemeral=False, action=None, **fields):
    return acted(
        "block_actions",
        container={"type": "message", "message_ts": "1.1", "channel_id": channel, "is_ephemeral": ephemeral},
        channel={"id": channel, "name": "support"},
        message={"type": "message", "user": "U0BOT", "ts": "1.1"},
        response_url="https://hooks.slack.com/actions/1",
        actions=[action or button(value="A1")],
        **fields,
    )


def view(values=None, *, kept='{"form": "review.write", "state": "s1"}', kind="modal", **fields):
    return {
        "id": "V01",
        "hash": "156772938.1827394",
        "type": kind,
        "callback_id": "review.write",
        "private_metadata": kept,
        "blocks": [],
        "state": {"values": values or {}},
        **fields,
    }


def submit(values=None, **fields):
    return acted("view_submission", view=view(values, **fields), response_urls=[])


def typed(value):
    return {"text": {"type": "plain_text_input", "value": value}}
