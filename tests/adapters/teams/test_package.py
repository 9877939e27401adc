"""The app package: what an administrator uploads, from settings alone."""

import io
import json
import struct
import zipfile
import zlib
from pathlib import Path

import jsonschema
import pytest

from adapters.teams.icons import colour, outline
from adapters.teams.incoming import REMARK, REVIEW, VENT
from adapters.teams.package import Publisher, manifest, package
from adapters.teams.settings import TeamsSettings, TeamsSettingsError
from coaching.intent import COMMANDS

APP = "11111111-2222-3333-4444-55555555AAAA"
SETTINGS = TeamsSettings(app_id=APP)
SCHEMAS = (
    Path(__file__).parents[2] / "teams_peer/node_modules/@microsoft/app-manifest/build/json-schemas/teams"
)


def pixels(png):
    """(width, height, rows of RGBA) of a PNG without filters."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height, depth, kind = struct.unpack(">IIBB", png[16:26])
    assert (depth, kind) == (8, 6)
    data, at = b"", 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        name, body = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        assert struct.unpack(">I", png[at + 8 + length : at + 12 + length])[0] == zlib.crc32(name + body)
        data += body if name == b"IDAT" else b""
        at += 12 + length
    raw = zlib.decompress(data)
    size = width * 4 + 1
    return width, height, [raw[row * size + 1 : (row + 1) * size] for row in range(height)]


def test_the_zip():
    """Three files, the same bytes each time."""
    zipped = package(SETTINGS)
    assert zipped == package(SETTINGS)
    with zipfile.ZipFile(io.BytesIO(zipped)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["manifest.json", "color.png", "outline.png"]
        held = json.loads(archive.read("manifest.json"))
        assert archive.read("color.png") == colour()
    assert held["icons"] == {"color": "color.png", "outline": "outline.png"}


def test_the_ids():
    """The bot's is the app's; the package's own is another, the same each time."""
    made = manifest(SETTINGS, Publisher())
    assert made["bots"][0]["botId"] == made["composeExtensions"][0]["botId"] == APP.lower()
    assert made["id"] not in (APP.lower(), "00000000-0000-0000-0000-000000000010")
    assert made["id"] == manifest(SETTINGS, Publisher("Somebody else"))["id"]


def test_the_publisher():
    """As told."""
    made = manifest(
        SETTINGS, Publisher("Acme", "https://a.example", "https://a.example/p", "https://a.example/t")
    )
    assert made["developer"] == {
        "name": "Acme",
        "websiteUrl": "https://a.example",
        "privacyUrl": "https://a.example/p",
        "termsOfUseUrl": "https://a.example/t",
    }


@pytest.mark.parametrize(
    ("settings", "publisher", "words"),
    [
        (TeamsSettings(), Publisher(), "TEAMS_APP_ID"),
        (TeamsSettings(app_id="breather"), Publisher(), "TEAMS_APP_ID"),
        (SETTINGS, Publisher(website="http://a.example"), "https"),
        (SETTINGS, Publisher(privacy=""), "https"),
        (SETTINGS, Publisher(name=" "), "1 to 32"),
        (SETTINGS, Publisher(name="x" * 33), "1 to 32"),
    ],
)
def test_what_teams_would_not_take_is_said(settings, publisher, words):
    """Before the upload, with what to do."""
    with pytest.raises(TeamsSettingsError, match=words):
        package(settings, publisher)


def test_every_command_of_the_manifest_is_one_the_coach_knows():
    """And the message-extension actions are those that are read."""
    made = manifest(SETTINGS, Publisher())
    for listed in made["bots"][0]["commandLists"]:
        for command in listed["commands"]:
            assert command.get("prompt", command["title"]) in {*COMMANDS, "home"}
    in_team = [c["title"] for c in made["bots"][0]["commandLists"][1]["commands"]]
    assert in_team == ["review", "tip", "vent", "remind", "team", "heard", "help", "privacy"]
    assert [command["id"] for command in made["composeExtensions"][0]["commands"]] == [REVIEW, REMARK, VENT]
    assert made["bots"][0]["supportsTargetedMessages"] is True


def test_the_icons():
    """192 pixels on a full ground; 32 pixels of white on nothing."""
    width, height, rows = pixels(colour())
    assert (width, height) == (192, 192)
    assert {row[i] for row in rows for i in range(3, 768, 4)} == {255}
    assert rows[0][:3] == bytes((47, 93, 98))
    width, height, rows = pixels(outline())
    assert (width, height) == (32, 32)
    assert {row[i : i + 3] for row in rows for i in range(0, 128, 4)} == {b"\xff\xff\xff"}
    seen = [row[i] for row in rows for i in range(3, 128, 4)]
    assert seen[0] == 0
    assert max(seen) == 255
    assert 0.1 < sum(seen) / 255 / 1024 < 0.5


@pytest.mark.parametrize("version", ["v1.29", "v1.30"])
def test_the_official_schema_takes_the_manifest(version):
    """Microsoft's own, as its npm package holds it."""
    path = SCHEMAS / version / "MicrosoftTeams.schema.json"
    if not path.is_file():
        pytest.skip("npm ci in tests/teams_peer brings the schemas")
    validator = jsonschema.Draft4Validator(json.loads(path.read_text(encoding="utf-8")))
    assert [fault.message for fault in validator.iter_errors(manifest(SETTINGS, Publisher()))] == []
