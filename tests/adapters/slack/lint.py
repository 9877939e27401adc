"""What Slack accepts: the schema of its own types, the SDK's models, and the rules neither knows."""

import json
from functools import cache
from pathlib import Path

from jsonschema import Draft7Validator
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

DEFINED = {
    "actions": "ActionsBlock",
    "context": "ContextBlock",
    "context_actions": "ContextActionsBlock",
    "divider": "DividerBlock",
    "header": "HeaderBlock",
    "input": "InputBlock",
    "rich_text": "RichTextBlock",
    "section": "SectionBlock",
}


SCHEMA = Path(__file__).parents[2] / "slack_peer/view.schema.json"


@cache
def _schema(definition):
    """A validator for one definition. The types say which blocks and keys there are, but no lengths."""
    whole = json.loads(SCHEMA.read_text())
    return Draft7Validator({"$ref": f"#/definitions/{definition}", "definitions": whole["definitions"]})


def lint_blocks(blocks, most):
    """Fails, naming the rule, on blocks that Slack would refuse."""
    for block in blocks:
        assert block["type"] in DEFINED, f"a {block['type']} is none of the blocks we send"
        _fits(_shortened(block), DEFINED[block["type"]])
    assert len(blocks) <= most, f"{len(blocks)} blocks"
    for block in blocks:
        parsed = Block.parse(block)
        assert parsed is not None
        parsed.validate_json()
        for text in _texts(block):
            assert 1 <= len(text.encode("utf-16-le")) // 2 <= 3000, f"text of {len(text)}"
        for element in block.get("elements", []):
            _lint_button(element)
            _lint_feedback(element)
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    assert len(ids) == len(set(ids)), f"block_id twice in {ids}"
    assert all(len(one) <= 255 for one in ids)
    for block in blocks:
        _lint_kind(block)


def _lint_kind(block):
    if block["type"] == "actions":
        actions = [element["action_id"] for element in block["elements"]]
        assert len(actions) == len(set(actions)) <= 25
    elif block["type"] == "header":
        assert len(block["text"]["text"]) <= 150
    elif block["type"] == "input":
        _lint_input(block["element"])


def _lint_button(element):
    if element.get("type") == "button":
        assert len(element["text"]["text"]) <= 75
        assert len(element.get("value", "x")) in range(1, 2001)
        assert len(element["action_id"]) <= 255
        assert element.get("style", "primary") in ("primary", "danger")


def _lint_feedback(element):
    if element.get("type") == "feedback_buttons":
        for button in (element["positive_button"], element["negative_button"]):
            assert 1 <= len(button["text"]["text"]) <= 75
            assert 1 <= len(button["accessibility_label"]) <= 75
            assert 1 <= len(button["value"]) <= 2000


def _lint_input(element):
    groups = element.get("option_groups", [])
    assert len(groups) <= 100
    for options in [element.get("options", []), *(group["options"] for group in groups)]:
        assert len(options) <= (10 if element["type"] in ("radio_buttons", "checkboxes") else 100)
        assert all(len(o["text"]["text"]) <= 75 and 1 <= len(o["value"]) <= 150 for o in options)
    offered = [
        o for options in [element.get("options", []), *(g["options"] for g in groups)] for o in options
    ]
    for picked in [*element.get("initial_options", []), *filter(None, [element.get("initial_option")])]:
        assert picked in offered


def lint_view(view):
    """Fails, naming the rule, on a view that Slack would refuse."""
    View(**view).validate_json()
    _fits({**view, "blocks": []}, "HomeView" if view["type"] == "home" else "ModalView")
    lint_blocks(view["blocks"], 100)
    assert all(block["type"] != "context_actions" for block in view["blocks"]), "for messages only"
    assert len(json.dumps(view, ensure_ascii=False).encode("utf-8", "surrogatepass")) <= 250_000
    if view["type"] == "modal":
        assert 1 <= len(view["title"]["text"]) <= 24
        assert len(view["private_metadata"]) <= 3000
        for key in ("submit", "close"):
            assert len(view.get(key, {}).get("text", "x")) in range(1, 25)
        if any(block["type"] == "input" for block in view["blocks"]):
            assert "submit" in view, "inputs without a submit"


def _shortened(block):
    """With one option a group: four hundred time zones are all made the same way."""
    groups = block.get("element", {}).get("option_groups")
    if not groups:
        return block
    short = [{**group, "options": group["options"][:1]} for group in groups[:2]]
    return {**block, "element": {**block["element"], "option_groups": short}}


def _fits(value, definition):
    fault = next(_schema(definition).iter_errors(value), None)
    assert fault is None, f"{definition}: {fault and fault.message}"


def lint_message(body):
    lint_blocks(body["blocks"], 50)
    assert all(block["type"] != "input" for block in body["blocks"]), "inputs are for windows"
    assert 1 <= len(body["text"].strip()) <= 40_000, "no words for a notification"


def lint_sent(body):
    """Whatever it is: an answer in a response, or a call's body; fails on what Slack would refuse."""
    if isinstance(body.get("view"), dict):
        lint_view({key: value for key, value in body["view"].items() if key in SENT})
    elif "blocks" in body or "text" in body:
        lint_message(body)
    for said in body.get("errors", {}).values():
        assert 1 <= len(said) <= 2000


SENT = ("type", "callback_id", "title", "blocks", "private_metadata", "submit", "close")


def _texts(value):
    if isinstance(value, dict):
        if isinstance(value.get("text"), str):
            yield value["text"]
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
