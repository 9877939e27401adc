"""The proof's coach with more leaks planted in it: each must make the proof red."""

import asyncio
import base64
import bz2
import gc
import html
import json
import logging
import lzma
import os
import pickle
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import warnings
import zipfile
import zlib
from contextlib import closing, suppress
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote, urlsplit

from bot import house as running
from bot import metrics
from bot.logs import event
from bot.proof.faults import replaced
from bot.proof.leaks import leaking


def database(house):
    return closing(sqlite3.connect(house.database.engine.url.database, timeout=5))


def stored(text, house, value=None):
    with database(house) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS planted (held)")
        connection.execute("INSERT INTO planted VALUES (?)", (value or text.upper(),))
        connection.commit()


def stored_in_base64(text, house):
    stored(text, house, base64.b64encode(b"ab" + text.encode()))


def stored_as_utf_16(text, house):
    stored(text, house, text.encode("utf-16-le"))


def stored_pickled(text, house):
    """As a job store would: the arguments of a job, pickled."""
    stored(text, house, pickle.dumps({"args": (text,)}))


def stored_and_deleted(text, house):
    """Gone for every reader, but not from the file."""
    with database(house) as connection:
        connection.execute("PRAGMA secure_delete=OFF")
        connection.execute("CREATE TABLE IF NOT EXISTS gone (held)")
        connection.execute("INSERT INTO gone VALUES (?)", (text,))
        connection.commit()
        connection.execute("DELETE FROM gone")
        connection.commit()


def stored_in_a_column_of_ours(text, house):
    with database(house) as connection:
        connection.execute("UPDATE person SET zone = ?", (text[:60],))
        connection.execute(
            "INSERT OR REPLACE INTO setup VALUES ('x', 'x', ?, '', '[]', 'everyone', 1, '')",
            (json.dumps([text]),),
        )
        connection.commit()


def two_words_only(text, house):
    first, second = text.split()[:2]
    logging.getLogger("planted").info("%s ... %s", first.lower(), second)


def logged_with_an_error(text, house):
    try:
        int(text)
    except ValueError:
        logging.getLogger("planted").exception("could not count")


def logged_beside(text, house):
    logging.getLogger("planted").info("heard", extra={"body": {"view": [text]}})


def logged_escaped(text, house):
    logging.getLogger("planted").info("heard %s", html.escape(text))


def written_to_stderr(text, house):
    sys.stderr.write(text[::1] + "\n")


def warned(text, house):
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn(text, stacklevel=1)


def logging_that_fails(text, house):
    """A broken format: logging itself would print the arguments."""
    logging.getLogger("planted").warning("%d", text)


def thrown(text, house):
    raise ValueError(f"cannot read {text}")


def told_to_the_log_of_faults(text, house):
    house.coach.trouble("planted", KeyError(text))


def uncaught_in_a_thread(text, house):
    def run():
        raise RuntimeError(text)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


def uncaught_in_the_loop(text, house):
    async def run():
        raise RuntimeError(text)

    task = asyncio.ensure_future(run())
    del task
    asyncio.get_running_loop().call_later(0.01, gc.collect)


def queued_under_a_name(text, house):
    """asyncio's debug output has the names of tasks."""
    logging.getLogger("asyncio").debug("Executing %r", asyncio.current_task())
    asyncio.ensure_future(asyncio.sleep(0)).set_name(text)
    logging.getLogger("asyncio").debug("Executing %r", list(asyncio.all_tasks()))


def called(url, text):
    line = HTTPConnection(urlsplit(url).netloc, timeout=5)
    line.request("POST", f"/api/chat.postMessage?note={quote(text[:20])}", text.encode(), {})
    with suppress(OSError):
        line.getresponse().read()
    line.close()


def sent_to_slack(text, house):
    threading.Thread(target=called, args=(os.environ["SLACK_API_URL"], text)).start()


def sent_in_an_address(text, house):
    threading.Thread(target=called, args=(os.environ["TEAMS_OPENID_URL"], text)).start()


def in_the_figures(text, house):
    replaced(
        ("bot.house.exposition",),
        lambda *told, **more: metrics.exposition(*told, **more) + f"# {text.split()[0]}\n",
    )


def left_in_a_core(text, house):
    """What a crash would write where cores are on."""
    (Path.cwd() / "core.1234").write_bytes(b"\x7fELF" + bytes(4096) + text.encode() + bytes(100))


def cached_beside_the_program(text, house):
    folder = Path(tempfile.gettempdir()) / "cache" / "deep"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "entry.bin").write_bytes(b"\x00" * 4_194_300 + text.encode("utf-16-be"))  # across two pieces


def packed(text, house):
    (Path(tempfile.gettempdir()) / "packed").write_bytes(zlib.compress(text.encode()))


def packed_in_base64(text, house):
    """As a cookie or a column would have it, and in the middle of other bytes."""
    logging.getLogger("planted").info("state=%s", base64.urlsafe_b64encode(zlib.compress(text.encode() * 2)))


def zipped(text, house):
    with zipfile.ZipFile(Path(tempfile.gettempdir()) / "report.zip", "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("notes.txt", text * 3)


def packed_in_a_row(text, house):
    stored(text, house, lzma.compress(bz2.compress(text.encode())))


def spelled_in_rows(text, house):
    """A row for each letter."""
    with database(house) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS keys (id INTEGER PRIMARY KEY, held TEXT)")
        connection.executemany("INSERT INTO keys (held) VALUES (?)", [(letter,) for letter in text])
        connection.commit()


def in_digits_of_sixteen(text, house):
    (Path(tempfile.gettempdir()) / "dump").write_text(text.encode().hex(" "))


# ----------------------------------------------------- only strace sees these


def sent_by_udp(text, house):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.sendto(text.encode(), ("127.0.0.1", 9))


def given_to_a_program(text, house):
    subprocess.run(["/bin/true", text.split()[0]], check=False)


def written_and_removed(text, house):
    with tempfile.TemporaryFile() as file:
        file.write(text.encode())


def written_in_pieces(text, house):
    """Three letters at a time, and the file is gone again."""
    with tempfile.TemporaryFile(buffering=0) as file:
        for start in range(0, len(text), 3):
            file.write(text[start : start + 3].encode())


def a_link_to_nowhere(text, house):
    link = Path(tempfile.gettempdir()) / "latest"
    link.symlink_to(text.split()[0])
    link.unlink()


def noted_on_a_file(text, house):
    """Beside a file's own bytes, where the file system can."""
    with suppress(OSError):
        os.setxattr(house.database.engine.url.database, "user.note", text.encode())


# ----------------------------------------------------- no text, but a vent can be told from other forms


def a_row_for_every_vent(text, house):
    with database(house) as connection:
        connection.execute("INSERT INTO slack_spent VALUES (hex(randomblob(8)), '2030-01-01 00:00:00')")
        connection.commit()


def a_log_line_for_every_vent(text, house):
    event("vented")


VENTS = []


def a_figure_for_every_vent(text, house):
    VENTS.append(1)
    running.exposition = lambda *told, **more: (
        metrics.exposition(*told, **more) + f"breather_vents_total {len(VENTS)}\n"
    )


FOUND = {  # and where
    stored: "breather.sqlite3",
    stored_in_base64: "breather.sqlite3",
    stored_as_utf_16: "breather.sqlite3",
    stored_pickled: "breather.sqlite3",
    stored_and_deleted: "breather.sqlite3",
    stored_in_a_column_of_ours: "table setup",
    two_words_only: "records.jsonl",
    logged_with_an_error: "records.jsonl",
    logged_beside: "records.jsonl",
    logged_escaped: "records.jsonl",
    written_to_stderr: "stderr.txt",
    warned: "records.jsonl",
    logging_that_fails: "records.jsonl",
    thrown: "errors.txt",
    told_to_the_log_of_faults: "errors.txt",
    uncaught_in_a_thread: "errors.txt",
    uncaught_in_the_loop: "errors.txt",
    queued_under_a_name: "records.jsonl",
    sent_to_slack: "calls to Slack",
    sent_in_an_address: "calls to Teams",
    in_the_figures: "answers",
    left_in_a_core: "core.1234",
    cached_beside_the_program: "entry.bin",
    packed: "packed",
    packed_in_base64: "records.jsonl",
    zipped: "report.zip",
    packed_in_a_row: "breather.sqlite3",
    spelled_in_rows: "table keys",
    in_digits_of_sixteen: "dump",
    given_to_a_program: "deeds.jsonl",
    a_link_to_nowhere: "deeds.jsonl",
    noted_on_a_file: "deeds.jsonl",
}
TRACED = {
    sent_by_udp: "sendto",
    written_and_removed: "write",
    written_in_pieces: "several writes together",
}
APART = {
    a_row_for_every_vent: "rows",
    a_log_line_for_every_vent: "log line",
    a_figure_for_every_vent: "figures",
}


def for_vents_alone(leak):
    """It leaks at what a vent of the proof says, and not at a draft."""
    return leaking(lambda text, house: "Kestrel" in text and leak(text, house))


def every():
    """Each by its name."""
    always = {leak.__name__: leaking(leak) for leak in (*FOUND, *TRACED)}
    return always | {leak.__name__: for_vents_alone(leak) for leak in APART}
