"""Breather's command line with a clock some seconds ahead: python -m tests.players.ahead SECONDS serve …"""

import sys
from datetime import timedelta

from bot import assembly
from bot.__main__ import main

_ahead, _now = timedelta(seconds=float(sys.argv[1])), assembly.now

if __name__ == "__main__":
    assembly.now = lambda: _now() + _ahead
    sys.exit(main(sys.argv[2:]))
