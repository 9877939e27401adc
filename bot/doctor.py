"""Checks settings, database, playbook and platforms before a person has to; every fault with its remedy."""

import asyncio
import importlib.util
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from pathlib import Path
from typing import IO

from bot import assembly, hush
from bot.settings import Settings, SettingsError
from coaching.playbook.reader import Playbook
from coaching.playbook.tables import PlaybookError
from coaching.review import proof
from storage import figures
from storage.db import StorageError, open_database, usable
from storage.figures import Doubts, Queue
from storage.migrate import pending
from storage.queued import installed

VERIFIED_FOR = timedelta(days=180)
_LATE = 10  # minutes that a due reminder may wait before somebody should look


class Health(Enum):
    """How a check went."""

    GOOD = "ok  "
    WARN = "warn"
    BAD = "BAD "


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's report."""

    health: Health
    says: str


def run(settings: Settings, out: IO[str]) -> int:
    """Print every finding; 1 if something must be mended, else 0."""
    findings = [*_packages(), *_playbook(settings, date.today()), *_people(settings), *_slack(settings)]  # noqa: DTZ011
    findings += [*_model(settings), *_teams(settings), *_database(settings), *_machine(settings)]
    for finding in findings:
        print(f"{finding.health.value}  {finding.says}", file=out)
    return int(any(f.health is Health.BAD for f in findings))


def _packages() -> Iterator[Finding]:
    specs = [importlib.util.find_spec(name) for name in ("bot", "adapters", "coaching", "storage")]
    homes = {Path(spec.origin).parent.parent if spec and spec.origin else None for spec in specs}
    if len(homes) == 1:
        yield Finding(Health.GOOD, "Breather's four packages come from one place")
    else:
        yield Finding(
            Health.BAD,
            "another package took the place of one of Breather's: give Breather an environment of its own",
        )


def _playbook(settings: Settings, today: date) -> Iterator[Finding]:
    try:
        books = assembly.playbooks(settings)
    except PlaybookError as error:
        yield from (Finding(Health.BAD, f"playbook: {fault}") for fault in error.faults)
        return
    for name, playbook in books.items():
        which = f"playbook {name}" if name else "playbook"
        yield Finding(Health.GOOD, f"{which}: {len(playbook.rules)} rules, {len(playbook.tips)} tips")
        if name:
            found = proof.faults(playbook, books[""])
            yield from (Finding(Health.WARN, f"{which}: {fault}") for fault in found)
    yield from _helplines(books[""], today)


def _helplines(playbook: Playbook, today: date) -> Iterator[Finding]:
    for line in playbook.care.helplines:
        if not line.verified_on or today - date.fromisoformat(line.verified_on) > VERIFIED_FOR:
            yield Finding(
                Health.WARN,
                f"helpline {line.name} ({line.country}): open {line.source}, check it, and set verified_on",
            )


def _people(settings: Settings) -> Iterator[Finding]:
    if settings.contacts:
        yield Finding(Health.GOOD, f"people to turn to: {len(settings.contacts)} named")
    else:
        yield Finding(
            Health.WARN,
            "the vent space stays closed at work until BREATHER_CONTACTS, or the setup inside the app,"
            " names a person to turn to",
        )
    if settings.admins:
        yield Finding(Health.GOOD, f"administrators: {len(settings.admins)} named, who may open the setup")


def _slack(settings: Settings) -> Iterator[Finding]:
    if not settings.slack_on:
        yield Finding(Health.GOOD, "Slack: off (SLACK_BOT_TOKEN is not set); the playground needs none")
        return
    if settings.slack_for_many:
        yield from _workspaces(settings)
        return
    if not settings.slack_bot_token.startswith("xoxb-"):
        yield Finding(Health.BAD, "SLACK_BOT_TOKEN should start with xoxb-: copy the Bot User OAuth Token")
    if settings.slack_app_token and not settings.slack_app_token.startswith("xapp-"):
        yield Finding(Health.BAD, "SLACK_APP_TOKEN should start with xapp-: make an app-level token")
    if not settings.slack_signing_secrets and not settings.slack_app_token:
        yield Finding(Health.BAD, "Slack needs SLACK_SIGNING_SECRET (HTTP) or SLACK_APP_TOKEN (Socket Mode)")
    yield Finding(Health.GOOD, f"Slack: on, {_kind(settings)}")


def _kind(settings: Settings) -> str:
    if settings.slack_sealed:
        return "sealed: it reads only what it is handed (the manifest: breather slack manifest --kind sealed)"
    return "agent: people may write to it (the manifest: breather slack manifest)"


def _workspaces(settings: Settings) -> Iterator[Finding]:
    from bot.workspaces import faults, health  # noqa: PLC0415 - only for who has many

    found = list(faults(settings))
    yield from (Finding(Health.BAD, fault) for fault in found)
    if found:
        return
    yield Finding(Health.GOOD, f"Slack: on, for every workspace that installs it, {_kind(settings)}")
    if settings.sqlite_path is not None and not settings.sqlite_path.exists():
        return
    try:
        counts, damaged = health(settings)
    except StorageError:
        return  # told with the database
    except SettingsError as error:
        yield Finding(Health.BAD, f"Slack: {error}")
        return
    yield Finding(Health.GOOD, f"Slack workspaces: {counts.active} installed, {counts.revoked} to be erased")
    if damaged:
        yield Finding(Health.BAD, f"Slack tokens that cannot be read: {damaged}; install the app there again")
    if counts.failing:
        told = f"Slack tokens that could not be refreshed: {counts.failing}, and have ended: {counts.expired}"
        yield Finding(Health.WARN, told)


def _teams(settings: Settings) -> Iterator[Finding]:
    if not settings.teams.on:
        yield Finding(Health.GOOD, "Teams: off (TEAMS_APP_ID is not set)")
        return
    if not assembly.teams_installed():
        yield Finding(
            Health.BAD, "Teams needs more packages. Install them with: pip install 'breather[teams]'"
        )
        return
    from bot.teams import faults  # noqa: PLC0415 - only for who uses Teams

    found = list(faults(settings.teams))
    yield from (Finding(Health.BAD, fault) for fault in found)
    if found:
        return
    if settings.teams.insecure_dev:
        yield Finding(Health.WARN, "Teams: on without checking who calls; for this computer only")
    else:
        yield Finding(Health.GOOD, f"Teams: on ({settings.teams.app_type})")


def _model(settings: Settings) -> Iterator[Finding]:
    """Where drafts go, if anywhere."""
    values = settings.llm
    if not values.on:
        told = "off, as BREATHER_LLM is not on or BREATHER_LLM_MODEL is missing; every review is made here"
        yield Finding(Health.GOOD, f"language model: {told}")
        return
    from bot.model import fault, judges, known  # noqa: PLC0415 - only for who has one

    if wrong := fault(values):
        yield Finding(Health.BAD, f"language model: {wrong}")
        return
    server = known(values)
    told = f"drafts of people who asked for it go to {server.host}, to the model {server.model}"
    private = "without what is private" if server.redacts else "as they are"
    calm = server.redacts or server.here
    yield Finding(Health.GOOD if calm else Health.WARN, f"language model: {told}, {private}")
    asked = ", ".join(sorted(judges(values))) or "nothing, until make eval-llm has measured it"
    yield Finding(Health.GOOD, f"language model: besides wording, it judges {asked}")


def _database(settings: Settings) -> Iterator[Finding]:
    path = settings.sqlite_path
    if path is not None and not path.exists():
        yield Finding(Health.GOOD, "database: none yet; it is made at the first start")
        return
    try:
        behind = pending(settings.database_url)
    except StorageError as error:
        yield Finding(Health.BAD, f"database: {error}")
        return
    if behind:
        yield Finding(Health.WARN, "database: not at this version yet. Run: breather migrate")
        return
    try:
        standing, doubts = asyncio.run(_delivery(settings))
    except StorageError as error:
        yield Finding(Health.BAD, f"database: {error}")
        return
    yield Finding(Health.GOOD, "database: reachable, at this version")
    yield _engine(settings)
    yield from _reminders(standing, doubts)


def _engine(settings: Settings) -> Finding:
    """Who says which reminder is next."""
    if settings.sqlite_path is not None:
        return Finding(Health.GOOD, "engine: the pump inside `breather serve`, the only process that sends")
    if installed():
        return Finding(Health.GOOD, "engine: PgQueuer, for any number of `breather work`")
    told = "engine: the pump, as PgQueuer is not installed. Install it with: pip install 'breather[postgres]'"
    return Finding(Health.WARN, f"{told}, then run: breather migrate")


async def _delivery(settings: Settings) -> tuple[Queue, Doubts]:
    database, now = open_database(settings.database_url), assembly.now()
    try:
        await database.transact(usable)
        return await database.transact(lambda c: (figures.queue(c, now), figures.doubts(c, now)))
    finally:
        await database.close()


def _reminders(standing: Queue, doubts: Doubts) -> Iterator[Finding]:
    minutes = int(standing.oldest.total_seconds() // 60)
    if minutes < _LATE:
        yield Finding(Health.GOOD, f"reminders: {standing.due} due now, {standing.sending} on their way")
    else:
        told = f"reminders: {standing.due} due, the oldest for {minutes} minutes."
        yield Finding(Health.WARN, f"{told} Check that `breather serve` or `breather work` runs")
    if doubts.unknown:
        told = f"reminders within a week that may not have arrived: {doubts.unknown}; none is sent twice"
        yield Finding(Health.WARN, told)
    if doubts.failed:
        told = f"reminders within a week that could not be delivered: {doubts.failed}; they rest"
        yield Finding(Health.WARN, f"{told}, as their people or channels are gone")


def _machine(settings: Settings) -> Iterator[Finding]:
    """The switches of privacy, and how each stands."""
    for state in hush.standing(os.environ):
        bad = state.says.startswith("error reporters") and not state.well
        yield Finding(Health.BAD if bad else Health.GOOD if state.well else Health.WARN, state.says)
    yield Finding(Health.GOOD, "SQL: not echoed, its parameters hidden")
    if settings.sqlite_path is not None:
        yield Finding(Health.GOOD, "SQLite: what is deleted is overwritten (secure_delete)")
    else:
        told = "PostgreSQL: what is deleted leaves the disk with the next VACUUM, and backups as they expire"
        yield Finding(Health.GOOD, told)
