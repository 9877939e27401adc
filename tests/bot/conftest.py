"""What a start changes in its process is as before after each test."""

import logging
import sys
import threading

import pytest

from bot.__main__ import main
from bot.settings import SETTINGS


@pytest.fixture(autouse=True)
def _hooks_as_before(monkeypatch):
    """The hooks for what nobody caught, and how logging fails."""
    for owner, name in ((sys, "excepthook"), (sys, "unraisablehook"), (threading, "excepthook")):
        monkeypatch.setattr(owner, name, getattr(owner, name))
    monkeypatch.setattr(logging, "raiseExceptions", logging.raiseExceptions)
    yield
    logging.captureWarnings(capture=False)


@pytest.fixture
def breather(tmp_path, monkeypatch, capsys):
    """Runs one command in an empty folder with nothing set: its code, what it says, what it complains of."""
    monkeypatch.chdir(tmp_path)
    for setting in SETTINGS:
        monkeypatch.delenv(setting.name, raising=False)
    root = logging.getLogger()
    before, level = root.handlers[:], root.level

    def run(*words, **environment):
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        try:
            code = main(words)
        except SystemExit as end:  # how argparse ends after --help and wrong use
            code = end.code
        return code, *capsys.readouterr()

    yield run
    root.handlers[:], root.level = before, level
