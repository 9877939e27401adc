"""A stand-in coach whose screens hold every kind of block and field, for trying how a platform shows them."""

from coaching.people import Person
from coaching.sealed import Words
from coaching.values import (
    Choice,
    Command,
    Draft,
    Field,
    Form,
    Handed,
    Heading,
    Item,
    Kind,
    Note,
    Opened,
    Option,
    Para,
    Points,
    Quote,
    Reply,
    Said,
    Submitted,
    Tapped,
)

HELP = Choice("Get help now", "vent.help")
SKIP = Choice("Skip", "vent.skip")
DAYS = tuple(
    Option(day, day.title()) for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
)

HELLO = Reply(
    (
        Heading(("Hello, I am your private coach for tough conversations.",)),
        Para(
            ("I look over a reply before you send it, give you a minute to let off steam, and bring a tip.",)
        ),
        Note(("Only you can see this. Nothing goes to your lead or anyone else.",)),
    ),
    (
        Choice("Review a reply", "review.open", style="primary"),
        Choice("Let off steam", "vent.open"),
        Choice("Set a daily tip", "remind.open"),
    ),
)


def reviewed(draft):
    quote = draft or Words("As per our policy you have to wait. Calm down.")
    return Reply(
        (
            Heading(("One thing to change",)),
            Para(("Start with what the customer is worried about, before the rule.",)),
            Quote((quote,)),
            Points(
                (
                    ("“As per our policy” puts the rule before the person.",),
                    ("“Calm down” tends to do the opposite.",),
                )
            ),
            Draft(
                (
                    "Three weeks without an answer is too long, and I am sorry.\n",
                    "I am checking with the carrier now and will write to you by [time].",
                )
            ),
            Note(("If a policy is the reason, then say first what you can do.",)),
        ),
        (
            Choice("Review another", "review.open", style="primary"),
            Choice("Show the rule", "tips.rule", "A2"),
        ),
    )


def vent(step):
    match step:
        case "out":
            return Form(
                "vent.out",
                "Vent",
                (
                    Para(("One round. Then we shred it.",)),
                    Note(("Not therapy. I keep nothing and tell nobody.",)),
                ),
                (Field("out", "Say it", Kind.TEXT, optional=True, sealed=True, limit=600),),
                (Choice("Just breathe", "vent.breathe", style="primary"), HELP, SKIP),
                submit="Shred it",
                state="out",
            )
        case "breathe":
            return Form(
                "vent.breathe",
                "Shredded",
                (
                    Para(("I did not save it or send it anywhere.",)),
                    Para(("Three times: in, top up, then a long slow breath out.",)),
                ),
                (
                    Field(
                        "fits",
                        "What fits?",
                        Kind.ONE,
                        tuple(
                            Option(o, o)
                            for o in ("angry", "insulted", "blamed", "not heard", "worn out", "worried")
                        ),
                        optional=True,
                    ),
                ),
                (Choice("It crossed a line", "vent.line"), HELP, SKIP),
                submit="Next",
                state="breathe",
            )
        case "look":
            return Form(
                "vent.look",
                "A second look",
                (
                    Para(("They were angry at the situation; you were the one who answered.",)),
                    Para(("What might they be worried about losing?",)),
                    Note(("Think it. No need to type.",)),
                ),
                choices=(
                    Choice("Back to the customer", "vent.back", style="primary"),
                    Choice("Help me start the reply", "review.open"),
                    HELP,
                ),
                state="look",
            )
        case _:
            return Reply(
                (
                    Heading(("Good.",)),
                    Para(("One sentence that shows you heard them is enough to start.",)),
                    Note(("Smile before you type; it comes through.",)),
                ),
                (
                    Choice("Review my reply", "review.open", style="primary"),
                    Choice("Back to work", "vent.done"),
                ),
            )


def review_form(problem=""):
    return Form(
        "review.draft",
        "Review a reply",
        (Para(("Paste what you want to send. I read it here and keep nothing of it.",)),),
        (
            Field(
                "customer", "What the customer wrote", Kind.TEXT, optional=True, hint="It helps me to help."
            ),
            Field("draft", "Your reply", Kind.TEXT, problem=problem),
        ),
        submit="Review",
    )


def remind_form(problem=""):
    return Form(
        "remind.set",
        "Daily tip",
        (),
        (
            Field("days", "Days", Kind.MANY, DAYS, tuple(o.id for o in DAYS[:5]), problem=problem),
            Field("at", "Time", Kind.TIME, picked=("09:00",)),
            Field("zone", "Time zone", Kind.ZONE, picked=("Europe/Berlin",), hint="Continent/City"),
        ),
        submit="Save",
    )


def kinds_form():
    many = tuple(Option(str(n), f"Rule {n}") for n in range(1, 11))
    return Form(
        "kinds.all",
        "Every kind",
        (Heading(("All of them",)), Item(("One line",), (Choice("Pause", "kinds.pause", "7"),))),
        (
            Field("line", "A line", Kind.LINE, text=Words('as "is" <b>')),
            Field("secret", "A sealed line", Kind.LINE, sealed=True),
            Field("text", "A text", Kind.TEXT, text=Words("\nfirst\nsecond")),
            Field("one", "One of few", Kind.ONE, DAYS[:3], ("tuesday",)),
            Field("long", "One of many", Kind.ONE, many, ("3",)),
            Field("many", "Several", Kind.MANY, DAYS, ("monday", "friday")),
            Field("at", "A time", Kind.TIME, picked=("08:30",)),
            Field("on", "A date", Kind.DATE, picked=("2026-03-02",)),
            Field("zone", "A zone", Kind.ZONE),
            Field("channel", "A channel", Kind.CHANNEL, problem="Please choose a channel."),
        ),
        (Choice("Delete", "kinds.delete", "1", "danger"),),
        submit="Send",
        close="Not now",
        state="step 1",
    )


def home(reminders):
    items = [
        Item(
            (f"Daily tip, {line}",),
            (Choice("Pause", "remind.pause"), Choice("Delete", "remind.delete", "1", "danger")),
        )
        for line in reminders
    ]
    return Reply(
        (
            Heading(("Reminders",)),
            *(items or [Para(("No reminder yet.",))]),
            Heading(("How I talk to you",)),
            Para(("Quiet from 18:00 to 08:00, Europe/Berlin. Days off: Saturday, Sunday.",)),
            Note(("Your settings are stored in a file on this computer.",)),
        ),
        (Choice("Set a daily tip", "remind.open", style="primary"), Choice("My data", "privacy.open")),
    )


class Stage:
    """Hears like the coach and answers with the screens above; remembers the reminders that were set."""

    def __init__(self, playbook):
        self.playbook, self.heard, self.reminders, self.troubles = playbook, [], [], []

    def trouble(self, where, error):
        self.troubles.append((where, type(error).__name__))

    async def hear(self, message):
        assert isinstance(message.who, Person)
        self.heard.append(message)
        match message.content:
            case Opened(surface="home"):
                return (home(self.reminders),)
            case Opened():
                return (HELLO,)
            case Command(name=name):
                return self._open(name)
            case Said(words=words) | Handed(words=words):
                return (reviewed(words),)
            case Tapped(action=action):
                return self._tapped(action)
            case Submitted(form=form, fields=fields):
                return self._sent(form, fields)

    def _open(self, name):
        match name:
            case "vent":
                return (vent("out"),)
            case "review":
                return (review_form(),)
            case "remind" | "team":
                return (remind_form(),)
            case "kinds":
                return (kinds_form(),)
            case "tip":
                return (Reply((Para(("Name what happened before you explain why.",)),), only_you=False),)
            case _:
                return (HELLO,)

    def _tapped(self, action):
        match action:
            case "vent.breathe" | "vent.skip":
                return (vent("look"),)
            case "vent.back":
                return (vent("return"),)
            case "remind.pause" | "remind.delete":
                return (Reply((Para(("Done. It rests now.",)),)),)
            case _:
                skill, _, verb = action.partition(".")
                return self._open(skill) if verb == "open" else ()

    def _sent(self, form, fields):
        match form:
            case "vent.out":
                return (vent("breathe"),)
            case "vent.breathe":
                return (vent("look"),)
            case "review.draft":
                draft = fields.get("draft")
                return (reviewed(draft) if draft else review_form("Paste the reply you want to send."),)
            case "remind.set" if not fields.get("days"):
                return (remind_form("Choose at least one day."),)
            case "remind.set":
                self.reminders.append(f"{fields['at'][0]} on {len(fields['days'])} days")
                return (
                    Reply(
                        (
                            Heading(("Set",)),
                            Para((f"A tip comes at {fields['at'][0]}, {fields['zone'][0]}.",)),
                        )
                    ),
                )
            case _:
                return ()
