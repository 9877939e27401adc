"""The answer to an invoke that took too long or failed: a kind line in the shape its surface shows."""

from collections.abc import Callable

from adapters.teams.once import Answer, Json

_MESSAGE = "application/vnd.microsoft.activity.message"


def excuse(text: str) -> Callable[[Json], Answer]:
    """Says `text` in answer to any invoke; `text` is the coach's own wording."""

    def say(activity: Json) -> Answer:
        name = activity.get("name")
        if name == "adaptiveCard/action":
            return Answer(200, {"statusCode": 200, "type": _MESSAGE, "value": text})
        if name in (
            "task/fetch",
            "task/submit",
            "composeExtension/fetchTask",
            "composeExtension/submitAction",
        ):
            return Answer(200, {"task": {"type": "message", "value": text}})
        if name == "composeExtension/query":
            return Answer(200, {"composeExtension": {"type": "message", "text": text}})
        return Answer(200, {})

    return say
