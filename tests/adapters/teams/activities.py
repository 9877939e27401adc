"""Activities as Teams sends them, with the parts that matter and some that must not."""

from datetime import UTC, datetime

from adapters.teams.incoming import read

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
TENANT = "72f988bf-0000-4000-8000-000000000001"
ALICE, BOB = "11111111-aaaa-4000-8000-000000000001", "22222222-bbbb-4000-8000-000000000002"
COACH = {"id": "28:app", "name": "Breather"}
PERSONAL = {"conversationType": "personal", "id": "a:1alice", "tenantId": TENANT}
CHANNEL_ID = "19:ab-c_d@thread.tacv2"
CHANNEL = {
    "conversationType": "channel",
    "isGroup": True,
    "id": f"{CHANNEL_ID};messageid=17",
    "tenantId": TENANT,
}


def activity(kind="message", **fields):
    return {
        "type": kind,
        "id": "1772438400123",
        "timestamp": "2026-03-02T08:00:00.123Z",
        "localTimestamp": "2026-03-02T09:00:00.123+01:00",
        "channelId": "msteams",
        "serviceUrl": "https://smba.trafficmanager.net/emea/",
        "from": {"id": "29:1alice", "name": "Alice", "aadObjectId": ALICE},
        "recipient": COACH,
        "conversation": PERSONAL,
        "channelData": {"tenant": {"id": TENANT}},
        "locale": "de-DE",
        "entities": [{"type": "clientInfo", "locale": "de-DE", "timezone": "Europe/Berlin"}],
        **fields,
    }


def mentioned(text, **fields):
    """In a channel, with the coach's mention in front."""
    mention = {"type": "mention", "text": "<at>Breather</at>", "mentioned": COACH}
    return activity(text=f"<at>Breather</at> {text}", conversation=CHANNEL, entities=[mention], **fields)


def invoke(name, value, **fields):
    return activity("invoke", name=name, value=value, **fields)


def executed(data, **fields):
    action = {"type": "Action.Execute", "verb": "tips.more", "data": data}
    return invoke("adaptiveCard/action", {"action": action, "trigger": "manual"}, **fields)


def extension(command="reviewReply", context="message", **value):
    told = {"commandId": command, "commandContext": context, **value}
    return invoke("composeExtension/fetchTask", told)


def payload(author, content="<div>Calm down.</div>", kind="html"):
    return {
        "id": "17",
        "body": {"contentType": kind, "content": content},
        "from": {"user": {"id": author, "displayName": "Somebody"}, "application": None},
    }


def tapped(data):
    """What a button's data is read as."""
    return read(executed(data), AT).message.content
