"""What Teams accepts of a card: the elements of version 1.5, and the rules no schema knows."""

import json

from tests.players.teams import KEPT, buttons, elements, inputs

ELEMENTS = {
    "TextBlock": {"text", "wrap", "size", "weight", "color", "isSubtle", "style", "spacing", "separator"},
    "RichTextBlock": {"inlines", "spacing", "separator"},
    "Container": {"items", "style", "spacing", "separator"},
    "ActionSet": {"actions", "spacing", "separator"},
    "ColumnSet": {"columns", "spacing", "separator"},
    "Column": {"width", "items", "verticalContentAlignment"},
    "Image": {"url", "altText", "width", "height"},
    "Input.Text": {"isMultiline", "maxLength", "placeholder", "regex", "value"},
    "Input.ChoiceSet": {"choices", "isMultiSelect", "style", "value", "wrap"},
    "Input.Time": {"value"},
    "Input.Date": {"value"},
}
ANY_INPUT = {"id", "label", "isRequired", "errorMessage"}
RUN = {"type", "highlight", "text", "size", "weight", "color", "isSubtle"}
ACTION = {"type", "title", "style", "data", "associatedInputs", "verb", "fallback"}
VALUES = {
    "size": {"Small", "Medium", "Large"},
    "weight": {"Bolder"},
    "color": {"Attention"},
    "spacing": {"Small"},
}
STYLES = {
    "TextBlock": {"heading"},
    "Container": {"emphasis", "accent"},
    "Input.ChoiceSet": {"compact", "expanded"},
}


def lint_card(card, *, dialog=False):
    """Fails, naming the rule, on a card that Teams would refuse or that breaks one of ours."""
    whole = json.dumps(card, ensure_ascii=False, separators=(",", ":"))
    assert len(whole.encode()) <= 28 * 1024, "more than 28 KB"
    json.dumps(card).encode()
    assert set(card) - {"refresh"} == {"type", "$schema", "version", "body", "msteams"}
    assert (card["type"], card["version"]) == ("AdaptiveCard", "1.5")
    assert card["body"], "an empty card"
    for element in list(elements(card))[1:]:
        _lint_element(element)
    ids = [element["id"] for element in inputs(card)]
    assert len(ids) == len(set(ids)), f"an id twice in {ids}"
    for button in buttons(card):
        _lint_button(button, dialog=dialog)
    if "refresh" in card:
        _lint_refresh(card["refresh"])


def _lint_refresh(refresh):
    """One person at the most is asked to look; without names Teams would ask everybody's client."""
    assert set(refresh) == {"action", "userIds"}
    (number,) = refresh["userIds"]
    assert number.startswith("29:")
    assert set(refresh["action"]) == {"type", "verb", "data"}
    assert (refresh["action"]["type"], refresh["action"]["verb"]) == ("Action.Execute", "teams.own")


def _lint_element(element):
    kind = element["type"]
    allowed = ELEMENTS[kind] | (ANY_INPUT if kind.startswith("Input.") else set()) | {"type"}
    assert set(element) <= allowed, f"{kind}: {set(element) - allowed}"
    _lint_values(element)
    if kind == "TextBlock":
        assert element["wrap"] is True
        assert element["text"].strip()
    elif kind == "RichTextBlock":
        for run in element["inlines"]:
            assert set(run) <= RUN
            assert run["text"].strip()
            _lint_values(run)
    elif kind == "Image":
        assert element["url"].startswith("data:image/png;base64,"), "nothing is fetched from anywhere"
        assert element["altText"].strip()
    elif kind.startswith("Input."):
        assert element["label"].strip()
        assert element["errorMessage"].strip()
        _lint_choices(element)
    else:
        assert element.get("items") or element.get("actions") or element.get("columns"), f"an empty {kind}"


def _lint_values(element):
    for key, allowed in VALUES.items():
        assert element.get(key, next(iter(allowed))) in allowed, f"{key}: {element[key]}"
    if "style" in element:
        assert element["style"] in STYLES[element["type"]]


def _lint_choices(element):
    if element["type"] != "Input.ChoiceSet":
        assert len(element.get("value", "")) <= element.get("maxLength", 10_000)
        return
    values = [choice["value"] for choice in element["choices"]]
    assert values, "a ChoiceSet without choices"
    assert len(values) == len(set(values))
    assert all("," not in value for value in values), "a comma separates what is picked"
    picked = [value for value in element.get("value", "").split(",") if value]
    assert set(picked) <= set(values)


def _lint_button(button, *, dialog):
    assert set(button) <= ACTION
    assert button["title"].strip()
    assert button.get("style", "positive") in ("positive", "destructive")
    does = button["data"][KEPT]["do"]
    assert does in ("tap", "send")
    takes = does == "send" or (
        button["data"][KEPT]["action"] == "teams.insert" and "draft" not in button["data"][KEPT]
    )
    assert button.get("associatedInputs") == (None if takes else "none"), "inputs ride along"
    if button["type"] == "Action.Execute":
        assert not dialog, "a dialog takes Action.Submit only"
        assert button["fallback"]["type"] == "Action.Submit"
        assert button["fallback"]["data"] == button["data"]
        assert button["verb"]
    else:
        assert button["type"] == "Action.Submit"
        asks = button["data"].get("msteams") == {"type": "task/fetch"}
        assert asks != dialog, "a Submit in a chat asks for a dialog, one in a dialog does not"


def lint_message(activity):
    """A message around a card."""
    assert activity["type"] == "message"
    assert 1 <= len(activity["summary"]) <= 400
    assert "text" not in activity
    for attachment in activity["attachments"]:
        assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
        lint_card(attachment["content"])


def lint_task(body):
    """The answer that opens a dialog or shows the next one; gives its card."""
    assert set(body) == {"task"}
    assert body["task"]["type"] == "continue"
    value = body["task"]["value"]
    assert 1 <= len(value["title"]) <= 64
    lint_card(value["card"]["content"], dialog=True)
    return value["card"]["content"]
