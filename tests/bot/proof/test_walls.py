"""The walls around the vent: what they bar is noticed, and today nothing is amiss."""

import importlib
import sys

import pytest

from bot.proof import walls


@pytest.fixture
def planted(tmp_path, monkeypatch):
    """Make a package that stands in for the vent, out of one line of code."""

    def plant(line):
        package = tmp_path / "planted_vent"
        package.mkdir(exist_ok=True)
        (package / "__init__.py").write_text('"""Stands in."""\n', encoding="utf-8")
        (package / "screens.py").write_text(f"{line}\n", encoding="utf-8")
        importlib.invalidate_caches()
        return "planted_vent"

    monkeypatch.syspath_prepend(tmp_path)
    yield plant
    for name in ("planted_vent", "planted_vent.screens"):
        sys.modules.pop(name, None)


def test_the_walls_stand():
    """Nothing is amiss in the code as it is."""
    assert walls.faults() == []


@pytest.mark.parametrize(
    "line",
    [
        "import zlib",
        "from zlib import compress",
        "import logging",
        "import socket",
        "import pickle",
        "import sqlite3",
        "import base64",
        "import openai",
        "import aiohttp.client",
        "import bot.logs",
        "from storage.memory import StoredMemory",
        "from adapters.llm import ask",
        "from urllib.request import urlopen",
        "def show():\n    import gzip",
    ],
)
def test_an_import_that_stores_sends_logs_or_packs_is_seen(planted, line):
    """Wherever it stands in a file, whichever way it is written."""
    assert walls.imports(planted(line))


def test_a_checksum_is_no_hiding(planted):
    """A number from which no text can be had; whatever else stands in its module is seen."""
    assert walls.imports(planted("from binascii import crc32")) == []
    assert walls.imports(planted("from binascii import crc32, hexlify"))


def test_what_is_imported_by_what_is_imported_is_seen(planted, monkeypatch):
    """The vent imports a room of the core; what that room imports counts too."""
    monkeypatch.setattr(walls, "BARRED", {"enum": "stores"})
    assert "coaching.sealed imports enum" in walls.imports(planted("from coaching import sealed"))


@pytest.mark.parametrize("line", ["print(1)", "open('x')", "exec('1')", "eval('1')", "__import__('x')"])
def test_a_door_is_seen(planted, line):
    """Built-in functions that let something out."""
    (fault,) = walls.doors(planted(f"def show():\n    {line}"))
    assert line.partition("(")[0] in fault


@pytest.mark.parametrize("line", ["def f(text): ...", "async def f(*, text): ...", "def f(words, /): ..."])
def test_a_text_as_a_parameter_is_seen(planted, line):
    """What is let out comes as Sealed, which is asked, or it does not come."""
    assert walls.parameters(planted(line))


@pytest.mark.parametrize(
    "line",
    [
        "import logging",
        "import zlib",
        "import openai",
        "from storage.db import open_database",
        "from urllib.request import urlopen",
        "from adapters.slack.sender import Sender",
        "from adapters.web import app",
        "def read(value):\n    print(value)",
        "KEPT = []\ndef read(value):\n    KEPT.append(value)",
        "KEPT = {}\ndef read(value):\n    KEPT['last'] = value",
        "LAST = ''\ndef read(value):\n    global LAST\n    LAST = value",
    ],
)
def test_a_door_that_has_the_text_in_the_open_is_watched(planted, line):
    """Until it is sealed nothing may reach out, print or keep, nor may what stands beside it."""
    assert walls.sealing(f"{planted(line)}.screens")


def test_what_takes_a_text_apart_is_no_fault(planted):
    """Reading an address is no calling."""
    line = "from urllib.parse import unquote\nimport json\nfrom coaching.sealed import Sealed"
    assert walls.sealing(f"{planted(line)}.screens") == []


class Open(str):
    """What a seal would be that gives way everywhere."""

    __slots__ = ("more",)

    def ask(self, question):
        return question(self)

    def tell(self, *_more):
        raise TypeError(str(self))

    __getstate__ = __str__ = lambda self: "".join(str.split(self))
    __len__ = __contains__ = __iter__ = tell

    def __deepcopy__(self, _known):
        return str(self)

    def __copy__(self):
        return str(self)

    def __bytes__(self):
        return str.encode(self)

    def __getitem__(self, at):
        return str(self)

    def __eq__(self, other):
        return str(self)

    def __hash__(self):
        return self.tell()


@pytest.mark.parametrize("way", set(walls.LEAKS) - {"vars"})
def test_a_seal_that_gives_way_is_seen(way, monkeypatch):
    """Each way, tried on a text that is not sealed at all, has the text."""
    monkeypatch.setattr(walls, "Sealed", Open)
    assert way in walls.refusals()
