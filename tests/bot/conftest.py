"""What a start changes in its process is as before after each test."""

import logging
import sys
import threading

import pytest


@pytest.fixture(autouse=True)
def _hooks_as_before(monkeypatch):
    """The hooks for what nobody caught, and how logging fails."""
    for owner, name in ((sys, "excepthook"), (sys, "unraisablehook"), (threading, "excepthook")):
        monkeypatch.setattr(owner, name, getattr(owner, name))
    monkeypatch.setattr(logging, "raiseExceptions", logging.raiseExceptions)
    yield
    logging.captureWarnings(capture=False)
