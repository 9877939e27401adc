"""The app package: the zip that a Teams administrator uploads, with manifest and icons."""

import io
import json
import re
import uuid
import zipfile
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from adapters.teams.icons import colour, outline
from adapters.teams.settings import TeamsSettings, TeamsSettingsError

_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_NAME = 32  # characters a publisher's name may have
_MADE = (2026, 1, 1, 0, 0, 0)  # the same package, byte for byte, from the same settings


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who offers the app inside the company, as Teams shows it."""

    name: str = "Example Organisation"
    website: str = "https://example.com"
    privacy: str = "https://example.com/privacy"
    terms: str = "https://example.com/terms"


def manifest(settings: TeamsSettings, publisher: Publisher) -> dict[str, Any]:
    """The manifest for this app. Raises TeamsSettingsError for an id or address Teams would not take."""
    if not _GUID.fullmatch(settings.app_id):
        raise TeamsSettingsError(
            "The package needs TEAMS_APP_ID, the Application (client) ID on the app registration's overview:"
            " 32 letters and digits in five groups."
        )
    addresses = (publisher.website, publisher.privacy, publisher.terms)
    if not all(re.fullmatch(r"https://[^\s/]+\S*", address) for address in addresses):
        raise TeamsSettingsError("Website, privacy and terms must be https addresses.")
    if not 0 < len(publisher.name.strip()) <= _NAME:
        raise TeamsSettingsError(f"The publisher's name must have 1 to {_NAME} characters.")
    template = files("adapters.teams") / "manifest" / "manifest.json"
    made: dict[str, Any] = json.loads(template.read_text(encoding="utf-8"))
    made["id"] = str(uuid.uuid5(uuid.NAMESPACE_URL, f"breather:{settings.app_id.lower()}"))
    made["developer"] = {
        "name": publisher.name.strip(),
        "websiteUrl": publisher.website,
        "privacyUrl": publisher.privacy,
        "termsOfUseUrl": publisher.terms,
    }
    for part in (*made["bots"], *made["composeExtensions"]):
        part["botId"] = settings.app_id.lower()
    return made


def package(settings: TeamsSettings, publisher: Publisher | None = None) -> bytes:
    """The zip. Raises TeamsSettingsError for an id or address Teams would not take."""
    text = json.dumps(manifest(settings, publisher or Publisher()), indent=2, ensure_ascii=False) + "\n"
    held = {"manifest.json": text.encode(), "color.png": colour(), "outline.png": outline()}
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in held.items():
            archive.writestr(zipfile.ZipInfo(name, _MADE), data, zipfile.ZIP_DEFLATED)
    return zipped.getvalue()
