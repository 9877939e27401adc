"""A company's own playbook: a folder laid over ours, which may change rules, tips and wording only."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from coaching.playbook.linear import runaway
from coaching.playbook.patterns import unsound
from coaching.playbook.questions import laid_over, read_questions
from coaching.playbook.reader import Playbook
from coaching.playbook.rules import RULES, Check, CheckKind, Rule, read_rule
from coaching.playbook.tables import PlaybookError, table
from coaching.playbook.wording import SLOT, Wording, flatten

_CARE = "it is for people who are hurting, and stays as it was written and checked for them"
_PROMISE = "it promises people what is kept and who sees it, and only Breather can keep that promise"
_SENSE = "it decides what Breather understands, which is the same everywhere"

# Wording that no company words: whole keys, and parts of keys that end in a dot.
KEPT: Mapping[str, str] = {
    "safety.": _CARE,
    "vent.": _CARE,
    "privacy.": _PROMISE,
    "common.sorry": _PROMISE,
    "help.button.data": _PROMISE,
    "help.either.": _PROMISE,
    "help.injection.say": _PROMISE,
    "help.button.delete": _PROMISE,
    "help.button.vent": _PROMISE,
    "help.hello.keeps.": _PROMISE,
    "help.hello.limits": _CARE,
    "help.hello.see": _PROMISE,
    "help.hello.what": _PROMISE,
    "help.overview.mine": _PROMISE,
    "help.overview.privacy": _PROMISE,
    "help.overview.vent": _PROMISE,
    "mine.": _PROMISE,
    "practice.pick.keeps": _PROMISE,
    "promises.": _PROMISE,
    "remarks.digest.": _PROMISE,
    "remarks.form.": _PROMISE,
    "remarks.gone": _PROMISE,
    "remarks.dropped": _PROMISE,
    "remarks.kept.": _PROMISE,
    "remarks.problem.look": _PROMISE,
    "remarks.wont.intro": _PROMISE,
    "schedules.form.digest_intro": _PROMISE,
    "review.form.intro": _PROMISE,
    "review.judged.": _PROMISE,
    "review.model.": _PROMISE,
    "review.written.": _PROMISE,
    "schedules.form.intro": _PROMISE,
    "schedules.form.team_intro": _PROMISE,
    "schedules.set.tip": _PROMISE,
    "schedules.settings.intro": _PROMISE,
    "schedules.settings.repeats_hint": _PROMISE,
    "schedules.team.announce": _PROMISE,
    "schedules.team.anyone": _PROMISE,
    "setup.": _PROMISE,
    "teams.waiting": _PROMISE,
    "slack.install.": _PROMISE,
    "tips.set_by.": _PROMISE,
    "web.fresh": _PROMISE,
    "web.menu.privacy": _PROMISE,
    "web.menu.vent": _PROMISE,
    "web.notice": _PROMISE,
    "web.seen.": _PROMISE,
}
_NOT_HERE = {
    "asking.toml": _SENSE,
    "criteria.toml": _SENSE,
    "guards.toml": _SENSE,
    "prompts": _SENSE,
    "hearing.toml": _SENSE,
    "intents.toml": _SENSE,
    "pasted.toml": _SENSE,
    "promises.toml": _SENSE,
    "remarks.toml": _SENSE,
    "review.toml": _SENSE,
    "when.toml": _SENSE,
    "safety": _CARE,
    "safety.toml": _CARE,
    "helplines.toml": _CARE,
    "texts.toml": _CARE,
}
_FILES = ("tips.toml", "team.toml", "templates.toml")
_TEMPLATES, _LONGEST = 500, 5000  # how many, and how many characters of one
_PLAIN = re.compile(r"[a-z]+( [a-z]+)*")


def read_overlaid(folder: Traversable | Path, ours: Playbook) -> Playbook:
    """Our playbook with a company's laid over it. Raises PlaybookError with every fault of theirs."""
    root, faults = files("coaching.playbook") / "en", list[str]()
    faults.extend(_strangers(folder, ours, faults))
    rules = {name: _rule(rule, root / "rules", folder / "rules", faults) for name, rule in ours.rules.items()}
    faults.extend(_across(rules))
    lines = _lines(folder / "wording", ours.wording.lines, faults)
    tips = _tips(folder / "tips.toml", ours.tables["tips"], faults)
    theirs = table(folder / "team.toml", faults) if (folder / "team.toml").is_file() else {}
    team = laid_over(ours.tables["team"], theirs)
    questions = read_questions(team, faults)
    templates = _templates(folder / "templates.toml", faults)
    if faults:
        raise PlaybookError(faults)
    return replace(
        ours,
        rules=rules,
        wording=Wording({**ours.wording.lines, **lines}),
        tables={**ours.tables, "tips": tips, "team": team},
        questions=questions,
        templates=templates,
    )


def changed(playbook: Playbook, ours: Playbook) -> tuple[Check, ...]:
    """The checks that a company wrote or changed."""
    return tuple(
        c for name, rule in playbook.rules.items() for c in rule.checks if c not in ours.rules[name].checks
    )


# --------------------------------------------------------------------------- what may be there


def _strangers(folder: Traversable, ours: Playbook, faults: list[str]) -> Iterator[str]:
    """Every file and folder that has no place in it; names that begin with a dot are not looked at."""
    parts = {key.partition(".")[0] for key in ours.wording.lines}
    may = {"rules": {f"{name}.toml" for name in RULES}, "wording": {f"{part}.toml" for part in parts}}
    for entry in _entries(folder, faults):
        if entry.name in may and entry.is_dir():
            for file in _entries(entry, faults):
                if file.name not in may[entry.name] or not file.is_file():
                    reason = _NOT_HERE.get(file.name, f"it is none of {', '.join(sorted(may[entry.name]))}")
                    yield f"{entry.name}/{file.name}: has no place in a company's playbook: {reason}"
        elif entry.name not in _FILES or not entry.is_file():
            may_hold = f"it may hold the folders rules and wording, {' and '.join(_FILES)}"
            reason = _NOT_HERE.get(entry.name, may_hold)
            yield f"{entry.name}: has no place in a company's playbook: {reason}"


def _entries(folder: Traversable, faults: list[str]) -> list[Traversable]:
    try:
        return sorted((e for e in folder.iterdir() if e.name[:1] != "."), key=lambda entry: entry.name)
    except OSError as error:
        faults.append(f"the folder {folder.name} cannot be read ({error.strerror})")
        return []


# --------------------------------------------------------------------------- rules


def _rule(ours: Rule, root: Traversable, folder: Traversable, faults: list[str]) -> Rule:
    name = f"{ours.id}.toml"
    if not (folder / name).is_file():
        return ours
    laid = _laid(table(root / name, faults), table(folder / name, faults))
    rule = read_rule(ours.id, laid, faults)
    for check in rule.checks:
        if check not in ours.checks:
            faults.extend(_unfit(check))
    return rule


def _laid(ours: Mapping[str, object], theirs: Mapping[str, object]) -> dict[str, object]:
    """Key by key, theirs before ours; rows by their id, the ones we do not have after ours."""
    laid = {**ours, **theirs}
    for key, rows in theirs.items():
        old, new = _rows(ours.get(key)), _rows(rows)
        if old and new:
            laid[key] = [*_replaced(old, new), *new]
    return laid


def _rows(value: object) -> list[dict[str, object]]:
    """A list of tables, as a list of its own; empty for anything else."""
    return list(value) if isinstance(value, list) and all(isinstance(row, dict) for row in value) else []


def _replaced(ours: list[dict[str, object]], left: list[dict[str, object]]) -> Iterator[dict[str, object]]:
    """Our rows, each with what theirs of the same id says; such a row is taken out of `left`."""
    for row in ours:
        mine = next((new for new in left if new.get("id") == row["id"]), None)
        if mine is not None:
            left.remove(mine)
        yield {**row, **(mine or {})}


def _unfit(check: Check) -> Iterator[str]:
    broken = tuple(unsound(check.patterns))
    yield from broken
    for pattern in check.patterns if not broken else ():
        why = runaway(pattern.source)
        if why:
            yield f"{check.rule}.toml: check '{check.id}': {pattern.source!r} {why}"


def _across(rules: Mapping[str, Rule]) -> Iterator[str]:
    """What no rule can see alone: an id that two rules have, and a `when` that nothing hears."""
    checks = [check for rule in rules.values() for check in rule.checks]
    hears = {check.id for check in checks if check.kind is CheckKind.HEARS}
    home: dict[str, str] = {}
    for check in checks:
        first = home.setdefault(check.id, check.rule)
        if first != check.rule:
            yield f"{check.rule}.toml: check '{check.id}': {first}.toml has a check of this id, too"
        for name in check.when:
            if name not in hears:
                yield f"{check.rule}.toml: check '{check.id}': key 'when': no check hears '{name}'"


# --------------------------------------------------------------------------- wording and tips


def _lines(
    folder: Traversable, ours: Mapping[str, tuple[str, ...]], faults: list[str]
) -> Mapping[str, tuple[str, ...]]:
    lines: dict[str, tuple[str, ...]] = {}
    for part in sorted({key.partition(".")[0] for key in ours}):
        if (folder / f"{part}.toml").is_file():
            lines |= flatten(table(folder / f"{part}.toml", faults), part, faults)
    for key, variants in lines.items():
        where = f"wording/{key.partition('.')[0]}.toml: key '{key}'"
        kept = next((why for part, why in KEPT.items() if f"{key}.".startswith(f"{part.rstrip('.')}.")), "")
        if kept:
            faults.append(f"{where} stays as it is: {kept}")
        elif key not in ours:
            faults.append(f"{where} is unknown")
        else:
            slots = frozenset(SLOT.findall(ours[key][0]))
            faults.extend(
                f"{where} needs {_named(slots)}, and no other: {line}"
                for line in variants
                if frozenset(SLOT.findall(line)) != slots
            )
    return lines


def _named(slots: frozenset[str]) -> str:
    return ", ".join(f"{{{slot}}}" for slot in sorted(slots)) or "no {slot}"


def _tips(file: Traversable, ours: Mapping[str, object], faults: list[str]) -> Mapping[str, object]:
    if not file.is_file():
        return ours
    known, theirs = flatten(ours, "tips", faults), flatten(table(file, faults), "tips", faults)
    for key, phrases in theirs.items():
        if key not in known:
            faults.append(f"tips.toml: key '{key.removeprefix('tips.')}' is unknown")
        elif not all(_PLAIN.fullmatch(phrase) for phrase in phrases):
            faults.append(f"tips.toml: key '{key.removeprefix('tips.')}' takes plain words in small letters")
    laid = {key.removeprefix("tips."): list(phrases) for key, phrases in {**known, **theirs}.items()}
    names = {key.removeprefix("names."): laid.pop(key) for key in list(laid) if key.startswith("names.")}
    every = [phrase for phrases in names.values() for phrase in phrases]
    twice = sorted({phrase for phrase in every if every.count(phrase) > 1})
    faults.extend(f"tips.toml: the name '{phrase}' belongs to two rules" for phrase in twice)
    return {**laid, "names": names}


# --------------------------------------------------------------------------- templates


def _templates(file: Traversable, faults: list[str]) -> tuple[str, ...]:
    """Replies that people paste: `texts`, a list of them."""
    if not file.is_file():
        return ()
    laid = table(file, faults)
    texts = laid.get("texts", [])
    faults.extend(f"templates.toml: key '{key}' is unknown" for key in laid if key != "texts")
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        faults.append("templates.toml: key 'texts' must be a list of replies, each in quotes")
        return ()
    if len(texts) > _TEMPLATES or any(len(text) > _LONGEST for text in texts):
        faults.append(f"templates.toml: at most {_TEMPLATES} replies of at most {_LONGEST} characters each")
    return tuple(texts)
