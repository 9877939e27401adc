"""Cold start of the demo: CPU until the first answer, as a ratio to an empty interpreter, in the same run."""

import json
import os
import re
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

RUNS = 5
ROOT = Path(__file__).parent.parent


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _empty() -> float:
    """CPU seconds of an interpreter that does nothing."""
    before = _children()
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    return _children() - before


def _demo(folder: str) -> float:
    """CPU seconds from the start of the process to its end right after the first answer."""
    before = _children()
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "demo", "--port", "0"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    found = re.search(r"http://[\d.:]+", process.stdout.readline())
    assert found is not None
    address = found[0]
    with urllib.request.urlopen(address) as page:
        token = re.search(r'token" content="([^"]+)"', page.read().decode())
    assert token is not None
    did = {"id": "bench-0001", "zone": "Europe/Berlin", "place": "chat", "do": "say", "text": "give me a tip"}
    asked = urllib.request.Request(
        address + "/do",
        json.dumps(did).encode(),
        {"Content-Type": "application/json", "X-Breather-Token": token[1], "Origin": address},
    )
    with urllib.request.urlopen(asked) as answer:
        assert json.load(answer)["chat"]
    process.send_signal(signal.SIGINT)
    process.communicate()
    return _children() - before


def main() -> int:
    """Print the table."""
    _empty()
    pairs = []
    for _ in range(RUNS):
        with tempfile.TemporaryDirectory() as folder:
            pairs.append((_demo(folder), _empty()))
    demo = statistics.median(d for d, _ in pairs)
    ratio = statistics.median(d / e for d, e in pairs)
    print(f"cold start of the demo to its first answer and its end, {RUNS} runs, a new database each:")
    print(f"  CPU median {demo:.2f} s, {ratio:.0f} times an empty interpreter")
    return 0


if __name__ == "__main__":
    sys.exit(main())
