"""Starts processes of ours in no time: everything is imported once, and each process is a fork of that.

Reads a line of JSON for each: the words of the command line and the environment. Answers with its pid.
What takes minutes in earnest takes seconds here: the lease, the pause before another try, Slack's pace.
"""

import gc
import json
import os
import signal
import sys
from dataclasses import replace
from datetime import timedelta
from functools import partial

import adapters.slack.app  # noqa: F401 - what a process imports when it starts, imported once
import bot.courier
import bot.running
import bot.workspaces
import storage.engine_pgqueuer
import storage.migrate
import storage.postgres  # noqa: F401
from adapters.slack.tiers import Tiers, read_tiers
from bot import assembly
from bot.__main__ import main as breather
from bot.settings import read_settings
from storage import ledger

FASTER = 1000.0


def faster(tiers):
    def limit(one):
        return one and replace(one, minute=one.minute * FASTER, burst=1000)

    changed = {
        name: replace(one, limit=limit(one.limit), channel=limit(one.channel))
        for name, one in tiers.methods.items()
    }
    return Tiers(changed, replace(tiers.others, limit=limit(tiers.others.limit)))


def hurry(lease, width):
    """Everything as it is, but sooner."""
    books, tiers, slack = assembly.playbooks(read_settings({})), faster(read_tiers()), assembly.slack

    def quick(house, settings, *, socket_mode):
        platform = slack(house, settings, socket_mode=socket_mode)
        platform.post.manners.pace.tiers = tiers
        return platform

    assembly.playbooks = lambda settings: books
    assembly.slack = quick
    assembly.Courier = partial(bot.courier.Courier, lease=timedelta(seconds=lease), width=width)
    ledger.RETRIES = (1,)


def live(words, environment, told):
    """Be that process, to its end."""
    os.environ.update(environment)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for stream in (1, 2):
        os.dup2(os.open(told, os.O_APPEND | os.O_CREAT | os.O_WRONLY), stream)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    code = 70
    try:
        code = breather(words)
    except SystemExit as end:
        code = end.code
    except BaseException as error:  # noqa: BLE001 - the fork must not go on as the nursery
        print(repr(error), file=sys.stderr)
    sys.stderr.flush()
    os._exit(code)


def main(lease, width):
    hurry(lease, width)
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead leave no pid behind
    print("ready", flush=True)
    for line in sys.stdin:
        if not (pid := os.fork()):
            live(**json.loads(line))
        print(pid, flush=True)


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]))
