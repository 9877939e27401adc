"""The dialogs leave nothing out: every button, form, sub-word, intent and sentence is in one of them."""

import ast
import asyncio
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from coaching.coach import Coach
from coaching.intent import COMMANDS, meaning
from coaching.people import Person, Place
from coaching.playbook.wording import Wording
from coaching.rounds import Rounds
from coaching.skills.vent.screens import CHIPS
from coaching.skills.vent.steps import ENDS, TABLE, Event, Screen, step
from coaching.values import Command, Form, Message, Said, Submitted, Tapped
from tests.conftest import Outbox
from tests.players.dialog import DIALOGS, DOES, EXPECTS, MONDAY, play, read
from tests.players.memory import PlainMemory
from tests.players.straight import StraightPlayer

ROOT = Path(__file__).parent.parent.parent
SKILLS = sorted((ROOT / "coaching/skills").rglob("*.py"))
PLACES = ("slack.", "teams.", "web.")  # said by an adapter: played in tests/adapters

# Two meanings that are close: how close is learnt, so no dialog can count on a sentence that is.
EITHER = (
    "abuse_report", "ask", "delete_data", "feedback_log", "lead", "practice", "privacy_question",
    "review_request", "schedule", "tip_request", "vent",
)  # fmt: skip

# What no dialog can get to (it needs another platform, another month or a fault of ours), and the
# test that plays it.
ELSEWHERE = (
    {
        "review.result.repeats": "skills/test_review.py::test_a_reply_that_was_sent_before_is_told",
        "review.result.template": "skills/test_review.py::test_a_template_of_the_team_is_told",
        "common.sorry": "test_vent.py::test_a_fault_inside_the_check_tells_only_its_kind",
        "help.hello.keeps.other": "test_help.py::test_hello",
        "help.hello.keeps.slack": "test_help.py::test_hello",
        "help.hello.keeps.slack_sealed": "test_help.py::test_where_no_message_can_be_written",
        "help.hello.keeps.teams": "test_help.py::test_hello",
        "help.overview.how.slack": "test_help.py::test_the_way_to_type_a_command_is_the_platforms",
        "help.overview.how.slack_sealed": "test_help.py::test_where_no_message_can_be_written",
        "help.unsure.slack_sealed": "test_help.py::test_where_no_message_can_be_written",
        **dict.fromkeys(
            (f"practice.{key}" for key in ("end.calmer", "end.endured", "mood.1", "moved.insulted")),
            "skills/test_practice.py::test_every_sentence_of_a_game",
        ),
        **dict.fromkeys(
            (f"practice.worked.{key}" for key in ("answered", "asked", "heard", "more", "warm")),
            "skills/test_practice.py::test_every_sentence_of_a_game",
        ),
        "mine.done.last": "skills/test_mine.py::test_the_last_rule_is_not_muted",
        "tips.why.faded": "skills/test_mine.py::test_the_daily_tip_is_about_it_and_says_why",
        "privacy.platform.other": "test_privacy.py::test_what_the_platform_keeps_is_said",
        "privacy.platform.slack": "test_privacy.py::test_what_the_platform_keeps_is_said",
        "privacy.platform.slack_sealed": "test_privacy.py::test_a_sealed_slack_keeps_less",
        "privacy.platform.teams": "test_privacy.py::test_what_the_platform_keeps_is_said",
        "privacy.stay.done": "test_privacy.py::test_who_answers_stays",
        "privacy.stay.title": "test_privacy.py::test_asked_whether_to_stay",
        "privacy.stay.what": "test_privacy.py::test_asked_whether_to_stay",
        "privacy.stay.yes": "test_privacy.py::test_asked_whether_to_stay",
        **dict.fromkeys(
            (
                f"remarks.mark.{kind}"
                for kind in ("card", "email", "handle", "iban", "ip", "name", "number", "phone", "url")
            ),
            "skills/test_remarks.py::test_what_tells_who_somebody_is_is_named_by_its_kind",
        ),
        "promises.now": "skills/test_promises.py::test_the_line_that_comes",
        "promises.problem.full": "skills/test_promises.py::test_thirty_are_enough",
        "remarks.problem.channel": "skills/test_remarks.py::test_kept_as_shown_or_not_at_all",
        "review.why.repeated": "review/test_engine.py::test_why_names_a_repeated_step",  # the command line's
        "review.model.ask": "test_wishes.py::test_a_person_asks_for_a_models_help",
        "review.model.title": "test_wishes.py::test_a_person_asks_for_a_models_help",
        "review.model.what": "test_wishes.py::test_a_person_asks_for_a_models_help",
        "review.model.limits": "test_wishes.py::test_a_person_asks_for_a_models_help",
        "review.model.yes": "test_wishes.py::test_a_person_asks_for_a_models_help",
        "review.model.no": "test_wishes.py::test_a_person_asks_for_a_models_help",
        "review.model.on": "test_wishes.py::test_a_person_asks_for_a_models_help",
        "review.model.off": "test_wishes.py::test_a_person_asks_for_a_models_help",
        "review.model.none": "test_wishes.py::test_without_a_model_nothing_is_offered",
        "review.judged.heading": "test_wishes.py::test_what_a_judge_noticed_stands_below_the_review",
        "review.judged.label": "test_wishes.py::test_what_a_judge_noticed_stands_below_the_review",
        "review.written.heading": "test_wishes.py::test_the_card_comes_at_once_and_better_words_later",
        "review.written.label": "test_wishes.py::test_the_card_comes_at_once_and_better_words_later",
        "review.written.stop": "test_wishes.py::test_the_card_comes_at_once_and_better_words_later",
        "review.written.working": "test_wishes.py::test_the_card_comes_at_once_and_better_words_later",
        "review.written.check": "review/test_rewriting.py::test_what_goes_beyond_the_draft_is_to_be_checked",
        "review.written.none": "test_wishes.py::test_where_a_card_cannot_be_changed_it_is_asked_for",
        "review.written.stopped": "test_wishes.py::test_the_stop_button",
        "privacy.show.model_here": "test_wishes.py::test_the_privacy_page_names_the_host",
        "privacy.show.model_off": "test_wishes.py::test_the_privacy_page_names_the_host",
        "privacy.show.model_on": "test_wishes.py::test_the_privacy_page_names_the_host",
        "schedules.ask.mine_zone": "test_schedules.py::test_clear_words_without_a_zone_ask_for_it",
        "schedules.lately.failed": "test_schedules.py::test_what_came_lately_is_said_in_words",
        "schedules.lately.skipped_team": "test_schedules.py::test_what_came_lately_is_said_in_words",
        "schedules.lately.unknown": "test_schedules.py::test_what_came_lately_is_said_in_words",
        "schedules.lately.why_unknown": "test_schedules.py::test_what_came_lately_is_said_in_words",
        "schedules.team.invite.other": "test_schedules.py::test_not_in_the_channel",
        "schedules.team.invite.slack": "test_schedules.py::test_not_in_the_channel",
        "schedules.team.invite.teams": "test_schedules.py::test_not_in_the_channel",
        "schedules.team.failed": "test_schedules.py::test_an_announcement_that_did_not_arrive",
        "schedules.team.unsure": "test_schedules.py::test_an_announcement_that_did_not_arrive",
        **dict.fromkeys(
            (f"schedules.theme.{key}" for key in ("failed", "missing", "unsure")),
            "skills/test_theme.py::test_a_preview_is_for_one_person_and_sends_what_it_shows",
        ),
        "schedules.theme.none": "skills/test_theme.py::test_where_all_was_asked_it_says_so",
        "schedules.team.only": "test_setup.py::test_team_tips_for_administrators_only",
        "setup.become.slack": "test_setup.py::test_nobody_else_sees_or_changes_it",
        "setup.field.playbook": "test_setup.py::test_a_playbook_is_chosen_where_there_is_more_than_one",
        "setup.full": "test_setup.py::test_lines_are_bounded",
        "setup.option.playbook": "test_setup.py::test_a_playbook_is_chosen_where_there_is_more_than_one",
        "setup.stale": "test_setup.py::test_an_old_check_asks_for_a_new_one",
        "setup.told.playbook": "test_setup.py::test_a_playbook_is_chosen_where_there_is_more_than_one",
        "vent.chat.behind": "test_vent.py::test_typed_behind_a_command",
        "tips.set_by.slack": "test_tips.py::test_a_team_tip_is_public_notifies_nobody_and_can_be_stopped",
        "vent.platform.other": "test_vent.py::test_a_vent_typed_into_the_chat_gets_the_honest_notice",
        "vent.platform.slack": "test_vent.py::test_a_vent_typed_into_the_chat_gets_the_honest_notice",
        "vent.platform.teams": "test_vent.py::test_a_vent_typed_into_the_chat_gets_the_honest_notice",
    }
    | {f"help.either.{says}": "test_help.py::test_two_meanings_are_asked_about" for says in EITHER}
    | {f"when.month.{n}": "test_when.py::test_settled" for n in range(1, 13) if n not in (3, 4, 5)}
)


@dataclass(frozen=True)
class Recording(Wording):
    """Wording that notes every sentence it gives out."""

    said: set = field(default_factory=set)

    def say(self, key, seed=0, **slots):
        text = super().say(key, seed, **slots)
        spoken = key if key in self.lines else f"{key.rpartition('.')[0]}.other"
        self.said.add((spoken, "".join(p if isinstance(p, str) else p.reveal() for p in text)))
        return text


@dataclass
class Played:
    """What all dialogs together did, and what they brought to the screen."""

    playbook: object
    actions: set = field(default_factory=set)
    steps: set = field(default_factory=set)  # (screen, event) of every tap and send in the vent
    chips: set = field(default_factory=set)
    sent: set = field(default_factory=set)
    forms: set = field(default_factory=set)
    words: set = field(default_factory=set)
    intents: set = field(default_factory=set)
    keys: set = field(default_factory=set)
    texts: list = field(default_factory=list)  # on the screen of the dialog that plays now

    def did(self, content):
        match content:
            case Tapped(action=action, value=value, state=state):
                self.actions.add(action)
                self.chips |= {value} if action == "vent.chip" else set()
                self.steps.add((step(state).screen, action.removeprefix("vent.")))
            case Command(name=name):
                self.words.add(name)
            case Said():
                self.intents.add(meaning(_message(content), self.playbook).name)
            case Submitted(form=name, state=state):
                self.sent.add(name)
                self.steps.add((step(state).screen, "next"))

    def saw(self, screen, replies):
        self.texts += [screen.text, *screen.choices, *screen.fields]
        self.forms |= {reply.id for reply in replies if isinstance(reply, Form)}

    def ended(self, *said):
        """A sentence counts once it was on the screen; to be made and thrown away is not enough."""
        screen = "\n".join(self.texts)
        self.keys |= {key for pairs in said for key, text in pairs if text in screen}
        self.texts = []


class Watched(StraightPlayer):
    """A player that notes what is done and shown."""

    def __init__(self, coach, played, **more):
        super().__init__(coach, **more)
        self.played = played

    async def _hear(self, content, where=None):
        self.played.did(content)
        return await super()._hear(content, where)

    def _screen(self, replies):
        screen = super()._screen(replies)
        self.played.saw(screen, [reply for reply, _ in replies])
        return screen


def _message(content):
    return Message("m1", Person("web", "local", "U1"), Place("web", "local", "D1"), MONDAY, content)


def _trouble(where, error):
    raise AssertionError(f"{where}: {error!r}")


async def _play_all(playbook):
    played = Played(playbook)
    for path in DIALOGS:
        dialog = read(path)
        said = Recording(playbook.wording.lines), Recording(playbook.care.texts.lines)
        book = replace(playbook, wording=said[0], care=replace(playbook.care, texts=said[1]))
        coach = Coach(book, PlainMemory(), Outbox(), _trouble, Rounds(b"salt"))
        await play(dialog, Watched(coach, played, channel=dialog.channel), coach)
        played.ended(*(recording.said for recording in said))
    return played


@pytest.fixture(scope="module")
def played(playbook):
    return asyncio.run(_play_all(playbook))


def calls(name):
    """Every call of this name in the skills, with its keywords by name."""
    for path in SKILLS:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
                yield node.args, {keyword.arg: keyword.value for keyword in node.keywords}


def constants(arguments):
    return {node.value for node in arguments if isinstance(node, ast.Constant)}


TAPPED_IN_THE_VENT = (
    "breathe",
    "chip",
    "cross",
    "more",
    "words",
    "end",
    "hand",
    "tell",
    "rest",
    "help",
    "skip",
)


def test_every_button(played):
    """Every action a button can carry is tapped; the vent's come from its table, chips by their value."""
    actions = constants(args[1] for args, _ in calls("Choice"))
    tappable = {event for _, event in TABLE} & {Event(action) for action in TAPPED_IN_THE_VENT}
    assert {"vent.chip", "review.open", "tips.next", "schedules.stop"} <= actions
    actions.discard("privacy.stay")  # after a year of silence: test_privacy.py
    assert (actions | {f"vent.{event.value}" for event in tappable}) - played.actions == set()
    assert set(CHIPS) - played.chips == set()


def test_every_way_through_the_vent(played):
    """On every screen of the vent, every button of its own and the one that sends; help from three."""
    leaves = {Event.REPLY, Event.CHECK}  # these carry the review's action
    heard = {Event.SHRED, Event.FINE, Event.ABUSE, Event.HARASSMENT, Event.CRISIS, Event.WRONG}
    ways = {
        (screen, "review.open" if event in leaves else event.value)
        for screen, event in TABLE
        if screen is not Screen.START and event not in heard | {Event.HELP}
    }
    assert sorted(f"{screen.value}: {event}" for screen, event in ways - played.steps) == []
    assert len({screen for screen, event in played.steps if event == "help"}) >= 3


def test_every_form(played):
    """Every form is shown, and every form with something to send is sent."""
    made = constants(more["id"] if "id" in more else args[0] for args, more in calls("Form"))
    screens = {f"vent.{screen.value}" for screen in Screen if screen not in ENDS | {Screen.START}}
    assert {"review.draft", "schedules.mine"} <= made
    assert (made | screens) - played.forms == set()
    assert made - played.sent == set()


def test_every_word(played, playbook):
    """Every sub-word of the command and one that nobody knows; everything free text can want, and nothing."""
    assert set(COMMANDS) - played.words == set()
    assert played.words - set(COMMANDS) != set()
    assert ({intent.name for intent in playbook.intents} | {"unknown"}) - played.intents == set()


def test_every_sentence(played, playbook):
    """Every sentence of the coach and of the safety cards: answers, problems, refusals, buttons, labels."""
    sentences = {key for key in playbook.wording.lines if not key.startswith(PLACES)}
    sentences |= set(playbook.care.texts.lines)
    assert sorted(sentences - played.keys - set(ELSEWHERE)) == []


@pytest.mark.parametrize("key", ELSEWHERE)
def test_what_no_dialog_says_is_tested_elsewhere(key, played):
    """The exceptions are real ones, and the test that is named exists."""
    assert key not in played.keys
    path, _, name = ELSEWHERE[key].partition("::")
    assert name in (ROOT / "tests/coaching" / path).read_text(encoding="utf-8")


def test_enough_dialogs():
    """At least forty, with four turns or more each, and every kind of turn and expectation in use."""
    dialogs = [read(path) for path in DIALOGS]
    assert len(dialogs) >= 40
    assert [dialog.title for dialog in dialogs if len(dialog.turns) < 4] == []
    assert len({dialog.title for dialog in dialogs}) == len(dialogs)
    used = {key for dialog in dialogs for turn in dialog.turns for key in turn}
    assert used == DOES | EXPECTS | {"own", "by", "remark"}


def test_all_of_it_on_every_platform():
    """A dialog stays away from a platform only where its surface does not exist there."""
    surfaces = {"hand", "by"}  # a shortcut on a message; a second person
    for dialog in map(read, DIALOGS):
        used = {key for turn in dialog.turns for key in turn} | {turn.get("open") for turn in dialog.turns}
        if dialog.only == ("slack", "teams"):
            assert used & (surfaces | {"install"}), dialog.title
        elif dialog.only == ("teams",):  # one person's view of what everybody sees
            assert any({"posted", "choices"} <= turn.keys() for turn in dialog.turns), dialog.title
        else:
            assert dialog.only in ((), ("web",)), dialog.title
