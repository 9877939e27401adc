"""Teams and what it is told: settings for the adapter, and its conversations kept by storage."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import cast

from adapters.teams.clouds import CLOUDS
from adapters.teams.references import ConversationKind, ConversationState, Reference
from adapters.teams.settings import IDENTITY, AppType, TeamsSettings, TeamsSettingsError
from bot.settings import TeamsValues
from coaching.people import Person, Place, Room
from storage.conversations import Conversation, StoredConversations


def known(values: TeamsValues, host: str) -> TeamsSettings:
    """The adapter's settings; an address that was not given is the cloud's own."""
    return TeamsSettings(
        app_id=values.app_id,
        app_type=AppType(values.app_type),
        tenant_id=values.tenant_id,
        app_password=values.app_password,
        certificate=Path(values.cert_path) if values.cert_path else None,
        identity_client_id=values.identity_client_id,
        allowed_tenants=values.allowed_tenants,
        extra_issuers=values.extra_issuers,
        extra_hosts=values.extra_hosts,
        cloud=CLOUDS[values.cloud],
        openid_url=values.openid_url,
        token_url=values.token_url,
        identity_url=values.identity_url or IDENTITY,
        identity_header=values.identity_header,
        insecure_dev=values.insecure_dev,
        listens_on=host,
    )


def faults(values: TeamsValues) -> Iterator[str]:
    """What must be mended before Teams can start, each with its remedy."""
    try:
        known(values, "127.0.0.1").checked()
    except TeamsSettingsError as error:
        yield str(error)
    if values.cert_path and not Path(values.cert_path).is_file():
        yield "TEAMS_CERT_PATH names no file: it must be a PEM file with the private key and the certificate."


@dataclass(frozen=True, slots=True)
class KeptReferences:
    """The adapter's References, in the database: the same values under storage's names."""

    stored: StoredConversations

    async def remember(self, reference: Reference) -> None:
        """Keep it as it is now."""
        values = {f.name: getattr(reference, f.name) for f in fields(Reference) if f.name != "tenant"}
        await self.stored.remember(Conversation(tenant_id=reference.tenant, **values))

    async def find(self, to: Person | Place) -> Reference | None:
        """The active conversation with a person, or behind a place."""
        if isinstance(to, Person):
            return _reference(await self.stored.of_person(to.tenant, to.user))
        found = await self.stored.of_place(to.tenant, to.id)
        if found is None and to.room is not Room.CHANNEL:
            found = await self.stored.of_person(to.tenant, to.id)
        return _reference(found)

    async def mark(self, reference: Reference, state: ConversationState) -> None:
        """Note whether anything can be written there."""
        await self.stored.mark(reference.tenant, reference.conversation_id, state.value)


def _reference(kept: Conversation | None) -> Reference | None:
    if kept is None:
        return None
    values = {f.name: getattr(kept, f.name) for f in fields(Reference) if f.name not in {"tenant", "kind"}}
    return Reference(tenant=kept.tenant_id, kind=cast("ConversationKind", kept.kind), **values)
