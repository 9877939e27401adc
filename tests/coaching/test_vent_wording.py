"""Every sentence of the vent and of the safety cards keeps the promises made about its tone."""

import re

import pytest

from coaching.skills.vent.screens import LOOKS
from coaching.skills.vent.steps import TABLE
from tests.players.books import PLAYBOOK

BOOK = PLAYBOOK
ALL = {**BOOK.wording.lines, **BOOK.care.texts.lines}
SAID = [
    pytest.param(key, line, id=f"{key} {number}")
    for key, variants in sorted(ALL.items())
    if key.startswith(("vent.", "safety."))
    for number, line in enumerate(variants)
]
NEVER = {
    "asks for a reason": r"\bwhy\b",
    "claims to understand": r"\bI (?:fully |really |do )?understand\b|\bI (?:hear|feel) you\b|\bI know how\b",
    "accuses": r"\byou (?:always|never|should|should have|must|need to|have to calm|overreact\w*|made)\b",
    "asks for detail": r"\bwhat happened\b|\btell me (?:more|about)\b|\bdescribe\b",
    "shouts": r"!",
    "decorates": r"[\U0001F300-\U0001FAFF\u2600-\u27BF]",
    "praises rage": r"\b(?:rage|let it rip|go wild|scream|punch|burn it)\b",
    "calls names": r"\b(?:idiots?|jerks?|stupid|morons?|terrible customer|nightmare)\b",
    "counts or scores": r"\b(?:streak|score|level|points?|times today|rounds? so far|third|badge)\b",
    "sounds clinical": r"\b(?:treatments?|diagnos\w+|mood score|symptoms?|patients?|clinical|coping)\b",
    "promises for the platform": r"\b(?:never saved|never stored|untraceable|no trace|completely private)\b",
    "calms by order": r"\b(?:calm down|relax|cheer up|don't worry|stay positive)\b",
    "asks to be safe": r"\b(?:are you safe|do you have a plan|how would you)\b",
    "promises secrecy": r"\b(?:secret|confidential|between us)\b",
    "leaves a slot open": r"\{(?!platform|people|line|name|number|hours|source|first|last|ticket|time|note)",
}


@pytest.mark.parametrize(("key", "line"), SAID)
def test_no_sentence_does_what_none_may(key, line):
    """One list for all of them; "Not therapy" in the notice is the only clinical word."""
    found = [name for name, pattern in NEVER.items() if re.search(pattern, line, re.IGNORECASE)]
    assert not found
    assert ("herap" in line) == (key == "vent.out.notice")


@pytest.mark.parametrize(("key", "line"), SAID)
def test_every_sentence_is_finished(key, line):
    """Labels end bare, sentences with a mark; no double spaces, nothing left from editing."""
    assert line == line.strip()
    assert "  " not in line
    label = key.startswith(
        ("vent.submit", "vent.do", "vent.chip", "vent.title", "vent.platform", "vent.handover.")
    )
    piece = key in {"safety.people", "safety.or", "vent.handover.lead"}
    if not label and not piece:
        assert line[-1] in ".:?)”" or line.endswith("{note}")


def test_no_question_before_the_look_but_the_chips():
    """Only the second look asks, and the chips may be asked for; no text is asked for anywhere."""
    asking = {k for k, lines in ALL.items() if k.startswith("vent.") and any("?" in line for line in lines)}
    assert asking - {"vent.shredded.fits"} == {
        "vent.look.situation",
        "vent.look.before",
        "vent.look.fair",
        "vent.look.helped",
    }
    assert not [
        k for k, lines in ALL.items() if k.startswith("safety.") and any("?" in line for line in lines)
    ]


def test_plans_are_if_then_lines():
    """The plan of the return, and the one after a crossed line."""
    for key in ("vent.return.plan", "vent.after.plan"):
        assert all(re.match(r"If .+, I will .+\.$", line) for line in ALL[key])


def test_every_key_of_the_vent_is_said_somewhere():
    """No unused sentence: each is a line, a button of the table, or named in the code."""
    used = {key for look in LOOKS.values() for key in (*look.lines, *look.more, look.submit)}
    used |= {f"vent.do.{event.value}" for _, event in TABLE} | {"vent.do.open", "vent.do.meant"}
    used |= {
        f"vent.chip.{chip}" for chip in ("angry", "insulted", "blamed", "unheard", "worn", "worried", "else")
    }
    used |= {f"vent.platform.{name}" for name in ("slack", "teams", "web", "other")}
    used |= {
        "vent.title",
        "vent.title_help",
        "vent.chat.private",
        "vent.chat.behind",
        "vent.chat.public",
        "vent.off.line",
    }
    used |= {f"vent.look.{name}" for name in ("situation", "before", "fair", "helped")}
    used |= {f"vent.shredded.{name}" for name in ("line", "short", "empty")}
    used |= {f"vent.{at}.{part}" for at in ("boundary", "ending") for part in ("lead", "words")}
    used |= {f"vent.handover.{part}" for part in ("ticket", "time", "note")} | {
        "vent.preview.note",
        "vent.out.box",
    }
    assert not {key for key in BOOK.wording.lines if key.startswith("vent.")} - used
