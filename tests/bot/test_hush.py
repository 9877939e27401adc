"""What could let words out of the process is lowered at the start, or the start is refused."""

import subprocess
import sys
import types
from pathlib import Path

import pytest

from bot import hush, running
from bot.settings import read_settings

ROOT = Path(__file__).parents[2]
CANARY = "Kestrel-4711"


def started(tmp_path, then, **environment):
    """What a process prints that prepares as every process of ours does, and then runs `then`."""
    code = f"""
import ctypes, gc, logging, os, resource, sys, threading, warnings
logging.getLogger("msrest.serialization")
for name in ("slack_sdk.web", "sqlalchemy.engine", "asyncio", "openai._base_client"):
    logging.getLogger(name).setLevel(logging.DEBUG)
resource.setrlimit(resource.RLIMIT_CORE, resource.getrlimit(resource.RLIMIT_CORE)[1:] * 2)
from bot import running
from bot.settings import read_settings
running._prepare(read_settings(os.environ))
{then}
"""
    told = {"PATH": "/usr/bin", "PYTHONPATH": str(ROOT), "DATABASE_URL": f"sqlite:///{tmp_path / 'b.db'}"}
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env=told | environment,
        cwd=tmp_path,
        check=False,
    )


def test_what_is_too_loud_is_lowered(tmp_path):
    """Levels set before, settings of other makers, core dumps by limit and by the kernel's own flag."""
    then = """
logging.getLogger("msrest").setLevel(60)  # as Teams' room sets it afterwards
names = ["slack_sdk.web", "sqlalchemy.engine", "asyncio", "openai._base_client", "slack_bolt"]
names.append("msrest.serialization")
print(*(logging.getLogger(name).getEffectiveLevel() for name in names))
print(resource.getrlimit(resource.RLIMIT_CORE)[0], ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
print(os.environ.get("OPENAI_LOG"), os.environ.get("PYTHONASYNCIODEBUG"))
import asyncio
async def main(): print(asyncio.get_running_loop().get_debug())
running._run(main())
"""
    done = started(tmp_path, then, OPENAI_LOG="debug", PYTHONASYNCIODEBUG="1", PYTHONDEVMODE="1")
    assert done.stdout.splitlines() == ["30 30 30 30 30 60", "0 0", "None None", "False"]


@pytest.mark.parametrize(
    "then",
    [
        f"raise RuntimeError('{CANARY}')",
        f"int('{CANARY}')",
        f"t = threading.Thread(target=int, args=('{CANARY}',)); t.start(); t.join()",
        f"warnings.warn('{CANARY}')",
        f"logging.getLogger('any').warning('%d', '{CANARY}')",
        f"class A:\n    def __del__(self): raise RuntimeError('{CANARY}')\nA(); gc.collect()",
    ],
)
def test_a_crash_tells_the_kind_of_error_only(tmp_path, then):
    """Whatever nobody caught: its type and our line are told, its text is not."""
    done = started(tmp_path, then)
    assert done.stderr
    assert CANARY not in done.stderr + done.stdout


def sentry(*, active, tells):
    client = types.SimpleNamespace(
        is_active=lambda: active, options={} if tells is None else {"include_local_variables": tells}
    )
    return types.SimpleNamespace(get_client=lambda: client)


def rollbar(locals_):
    return types.SimpleNamespace(SETTINGS={"locals": locals_})


@pytest.mark.parametrize(
    ("name", "module", "refused"),
    [
        ("sentry_sdk", sentry(active=True, tells=None), True),
        ("sentry_sdk", sentry(active=True, tells=True), True),
        ("sentry_sdk", sentry(active=True, tells=False), False),
        ("sentry_sdk", sentry(active=False, tells=None), False),
        ("rollbar", rollbar({"enabled": True}), True),
        ("rollbar", rollbar({"enabled": False}), False),
    ],
)
def test_an_error_reporter_with_variables_is_refused(monkeypatch, name, module, refused):
    """The start says which, and how to go on; one that sends none is nobody's trouble."""
    monkeypatch.setitem(sys.modules, name, module)
    assert any(name in told for told in hush.reporters()) == refused
    assert any(not state.well and name in state.says for state in hush.standing({})) == refused
    if refused:
        with pytest.raises(hush.RefusedError, match=name):
            hush.hush({})


def test_a_refused_start_says_why(monkeypatch, tmp_path):
    """As any other that cannot start: one sentence, nothing begun."""
    monkeypatch.setitem(sys.modules, "rollbar", rollbar({"enabled": True}))
    with pytest.raises(running.StartError, match="rollbar"):
        running._quieten()
    assert not list(tmp_path.iterdir())


def test_the_doctor_tells_who_asks_for_debug():
    """By the name of the setting."""
    (state, *_) = hush.standing({"OPENAI_LOG": "debug"})
    assert not state.well
    assert "OPENAI_LOG" in state.says
    assert read_settings({})


def test_where_there_are_no_limits_nothing_breaks(monkeypatch):
    """As on Windows: no module for limits, no prctl; the doctor says so."""
    monkeypatch.setitem(sys.modules, "resource", None)
    monkeypatch.setattr(hush.sys, "platform", "win32")
    hush.no_cores()
    assert "not on this system" in [*hush.standing({})][-1].says
