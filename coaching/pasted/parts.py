"""What pasted text comes to: the customer's words and the person's own."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, repr=False)  # a person's words belong in no log line
class Parts:
    """Either may be empty. `unsure`: both are in the text, and nobody could know which is which."""

    customer: str
    draft: str
    unsure: bool = False


NOTHING = Parts("", "")


def lower(text: str) -> str:
    """In lower case with straight quotes, of the same length, so that places are the same in both."""
    plain = text.lower() if len(text.lower()) == len(text) else text
    for curly, straight in (("’", "'"), ("‘", "'"), ("“", '"'), ("”", '"'), ("„", '"'), ("…", ".")):
        plain = plain.replace(curly, straight)
    return plain
