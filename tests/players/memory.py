"""A Memory of plain dicts, for playing the coach where no third-party package is installed."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

from coaching import kept, learned, learning, turn
from coaching.kept import Row
from coaching.people import For, Person, Place, Room, Schedule
from coaching.turn import Known


def _stood(those, rule, standing):
    """One rule stands so; one that was pinned is not any more where another is."""
    plain, pinned = learned.Standing.PLAIN, learned.Standing.PINNED
    others = (one for one in those if one.rule != rule)
    others = (replace(o, standing=plain) if standing is pinned is o.standing else o for o in others)
    old = next((one for one in those if one.rule == rule), learned.Learned(rule))
    return _with(others, replace(old, standing=standing))


def _with(those, new):
    return tuple(sorted((*(one for one in those if one.rule != new.rule), new), key=lambda one: one.rule))


@dataclass
class PlainMemory:
    known: dict[Person, Known] = field(default_factory=dict)
    schedules: dict[int, Schedule] = field(default_factory=dict)
    owners: dict[int, Person] = field(default_factory=dict)
    setups: dict[tuple[str, str], turn.Setup] = field(default_factory=dict)
    heard: list[Person] = field(default_factory=list)  # who was noted to be there
    replies: dict[Person, tuple] = field(default_factory=dict)
    last: int = 0
    weeks_of: dict[Person, dict] = field(default_factory=dict)  # (rule, monday): learned.Week
    aired: list[learned.Aired] = field(default_factory=list)
    promises_: dict[int, tuple[Person, turn.PromiseKept, tuple[int, ...]]] = field(default_factory=dict)
    remarks_: list[tuple[Place, kept.Remark]] = field(default_factory=list)
    past: list[kept.Past] = field(default_factory=list)  # oldest first

    async def recall(self, who, where):
        mine = tuple(s for i, s in self.schedules.items() if self._may(i, s, who, where))
        setup = self.setups.get((who.platform, who.tenant), turn.Setup())
        channels = {s.to.id for s in mine if s.audience is For.TEAM}
        aired = tuple(one for one in self.aired if one.channel in channels)
        return replace(self.known.get(who, Known()), schedules=mine, setup=setup, aired=aired)

    def _may(self, number: int, schedule: Schedule, who: Person, where: Place) -> bool:
        here = where.room is Room.CHANNEL and schedule.to.id == where.id
        return self.owners[number] == who or here

    async def keep(self, who, where, facts, at, *, known=False):
        for fact in facts:
            self._keep(who, where, fact, at)

    def _keep(self, who, where, fact, at):  # noqa: C901, PLR0911, PLR0912, PLR0915 - one line a kind of fact
        known = self.known.get(who, Known())
        match fact:
            case turn.Met():
                known = replace(known, met=True)
            case turn.TipShown(tip=tip, start_over=start_over):
                earlier = () if start_over else known.shown_tips
                known = replace(known, shown_tips=(*(old for old in earlier if old != tip), tip))
                about = tip.partition(".")[0]
                counted = (replace(o, tips=o.tips + (o.rule == about)) for o in known.learned)
                known = replace(known, learned=tuple(counted))
            case learned.Graded(rule=rule, grade=grade):
                known = self._grade(who, known, rule, grade, at.date())
            case learned.RuleStands(rule=rule, standing=standing):
                known = replace(known, learned=_stood(known.learned, rule, standing))
            case learned.Unlearned():
                known = replace(known, learned=())
                self.weeks_of.pop(who, None)
            case turn.PreferencesSet(preferences=preferences):
                known = replace(known, preferences=preferences)
            case learned.ChannelTold(to=to, tip=tip, on=on, reminder=reminder):
                others = (one for one in self.aired if (one.channel, one.tip) != (to.id, tip))
                self.aired = [*others, learned.Aired(to.id, tip, on, reminder)]
                return
            case learned.ThemeSet(id=number, rule=rule):
                if number in self.schedules and self.schedules[number].audience is For.TEAM:
                    self._change(number, who, where, theme=rule)
            case turn.ScheduleSet(audience=audience, slot=slot, to=to, rule=rule):
                self.last += 1
                self.schedules[self.last] = Schedule(self.last, audience, slot, to, who.user, theme=rule)
                self.owners[self.last] = who
            case turn.ScheduleMoved(id=number, slot=slot):
                self._change(number, who, where, slot=slot)
            case turn.SchedulePaused(id=number, paused=paused):
                self._change(number, who, where, paused=paused)
            case turn.ScheduleDeleted(id=number):
                if number in self.schedules and self._may(number, self.schedules[number], who, where):
                    del self.schedules[number]
            case turn.SetupKept(setup=setup):
                self.setups[who.platform, who.tenant] = setup
            case kept.Reviewed():
                self.replies[who] = (*self.replies.get(who, ()), (fact, at))
            case turn.RemarkKept(key=key, words=words, to=to, reference=reference):
                if all(one.key != key for _, one in self.remarks_):
                    customer = "".join(reference.reveal().split()) if reference else ""
                    self.remarks_.append((to, kept.Remark(key, words, at.date(), customer)))
                return
            case turn.RemarkDropped(key=key, to=to):
                self.remarks_ = [
                    (at_, one) for at_, one in self.remarks_ if (at_.id, one.key) != (to.id, key)
                ]
                return
            case turn.RemarksFated(keys=keys, to=to, fate=fate, because=because):
                self.remarks_ = [
                    (to_, replace(one, fate=fate, because=because, fate_on=at.date()))
                    if to_.id == to.id and one.key in keys
                    else (to_, one)
                    for to_, one in self.remarks_
                ]
                return
            case turn.PromiseKept(slot=slot, eve=eve, to=to):
                numbers = []
                for one in (slot, eve):
                    if one is not None:
                        self._keep(who, where, turn.ScheduleSet(For.PROMISE, one, to), at)
                        numbers.append(self.last)
                self.promises_[numbers[0]] = (who, fact, tuple(numbers))
                return
            case turn.PromiseMoved(id=number, slot=slot):
                _, told, numbers = self.promises_[number]
                self.promises_[number] = (who, replace(told, slot=slot), numbers[:1])
                for other in numbers[1:]:
                    self.schedules.pop(other)
                self.schedules[number] = replace(self.schedules[number], slot=slot)
                return
            case turn.PromiseEnded(id=number):
                for other in self.promises_.pop(number)[2]:
                    self.schedules.pop(other, None)
                return
            case turn.Heard():
                self.heard.append(who)
            case turn.Forget():
                self.schedules = {i: s for i, s in self.schedules.items() if self.owners[i] != who}
                self.promises_ = {i: one for i, one in self.promises_.items() if one[0] != who}
                self.known.pop(who, None)
                self.weeks_of.pop(who, None)
                self.replies.pop(who, None)
                return
        self.known[who] = known

    def _change(self, number, who, where, **changes):
        schedule = self.schedules.get(number)
        if schedule and self._may(number, schedule, who, where):
            self.schedules[number] = replace(schedule, **changes)

    def _grade(self, who, known, rule, grade, day):
        """What is sore is due at once, what is there in a week: enough to play with."""
        weeks = self.weeks_of.setdefault(who, {})
        key = rule, learning.monday(day)
        missed, met = grade is learned.Grade.MISSED, grade is learned.Grade.MET
        if missed or met:
            week = weeks.get(key, learned.Week(*key))
            weeks[key] = replace(week, missed=week.missed + missed, met=week.met + met)
        sore = grade in (learned.Grade.MISSED, learned.Grade.AGAIN)
        due = day if sore else day + timedelta(days=7)
        old = next((one for one in known.learned if one.rule == rule), learned.Learned(rule))
        if not learning.counts(old, grade, day):
            return known
        new = replace(old, last=grade, on=day, due=due, stability=1.0, tips=0)
        return replace(known, learned=_with(known.learned, new))

    async def weeks(self, who):
        return tuple(sorted(self.weeks_of.get(who, {}).values(), key=lambda w: (w.monday, w.rule)))

    async def earlier(self, who, at):
        return kept.Earlier(b"k" * 32, self.replies.get(who, ()))

    async def lately(self, who, where):
        mine = {i for i, s in self.schedules.items() if self._may(i, s, who, where)}
        return tuple(p for p in reversed(self.past) if p.schedule in mine)

    async def promises(self, who):
        return tuple(
            kept.Promise(number, told.words, told.slot, numbers)
            for number, (owner, told, numbers) in self.promises_.items()
            if owner == who
        )

    async def remarks(self, who, where):
        return tuple(one for to, one in self.remarks_ if to.id == where.id)

    async def code(self, who, at):
        return "2345-6789-ABCD"

    async def rows(self, who):
        known = self.known.get(who)
        return () if known is None else (Row("person.met", str(known.met)),)
