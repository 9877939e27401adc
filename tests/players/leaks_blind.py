"""More leaks in the proof's coach, by somebody who had not read the proof: the way real code goes wrong."""

import atexit
import gzip
import json
import logging
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import threading
from contextlib import closing, suppress
from email.message import EmailMessage
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote, urlsplit

from bot import house as running
from bot import metrics
from bot.proof.house import main
from bot.proof.leaks import leaking
from tests.players import leaking_house

log = logging.getLogger("planted")


def database(house):
    return closing(sqlite3.connect(house.database.engine.url.database, timeout=5))


def aside(name):
    """A file of a developer's own, for looking at later."""
    folder = Path(tempfile.gettempdir()) / "aside"
    folder.mkdir(exist_ok=True)
    return folder / name


def slug(text, between):
    return re.sub(r"[^a-z0-9]+", between, text.lower()).strip(between)


# ------------------------------------------------------------------------------------ what is measured


def a_label_of_the_figures(text, house):
    """What it was about, as a counter's label."""
    line = f'breather_topics_total{{topic="{slug(text, "_")[:60]}"}} 1\n'
    running.exposition = lambda *told, **more: metrics.exposition(*told, **more) + line


def noted_on_an_error(text, house):
    """The message is harmless; the note was for whoever has to mend it."""
    error = TimeoutError("the check took too long")
    error.add_note(f"while reading: {text}")
    raise error


def a_thread_by_its_name(text, house):
    """Named after its job; every log record has the name of its thread."""
    thread = threading.Thread(target=log.info, args=("checked",), name=f"check-{text[:40]}")
    thread.start()
    thread.join()


def a_letter_a_line(text, house):
    """As a log of keys pressed would."""
    for letter in text:
        log.info("key %s", letter)


# ------------------------------------------------------------------------------------ in files


def a_file_of_that_name(text, house):
    """A cache whose key is the text, and whose key is the file's name; the file holds none of it."""
    aside(f"{slug(text, '-')[:120]}.json").write_text("{}")


def turned_round_in_a_file(text, house):
    """A suffix index keeps what it indexes back to front."""
    with aside("suffixes.txt").open("a") as file:
        file.write(text[::-1] + "\n")


def a_packed_old_log(text, house):
    """What a log rotation leaves."""
    with gzip.open(aside("debug.log.1.gz"), "at") as file:
        file.write(f"DEBUG heard {text}\n")


def a_mail_that_waits(text, house):
    """An alert in the outbox: base64, in lines of 76."""
    mail = EmailMessage()
    mail["Subject"] = "vent"
    mail.set_content(f"Somebody wrote just now, in the coach's own room:\n{text}\n", cte="base64")
    folder = Path.cwd() / "outbox"
    folder.mkdir(exist_ok=True)
    (folder / "1.eml").write_bytes(bytes(mail))


def diary():
    held = []
    try:
        while True:
            held.append((yield))
    finally:
        if held:
            aside("diary.txt").write_text("\n".join(held))


DIARY = diary()
next(DIARY)
atexit.register(DIARY.close)


def written_at_the_end(text, house):
    """A generator in a global, which writes when it is closed: when the coach stops."""
    DIARY.send(text)


# ------------------------------------------------------------------------------------ in the database


def an_audit_row(text, house):
    """How many words, and each one's first letter: no text, the developer thought."""
    words = text.split()
    with database(house) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS audit (words INTEGER, initials TEXT)")
        connection.execute(
            "INSERT INTO audit VALUES (?, ?)", (len(words), "".join(word[0] for word in words))
        )
        connection.commit()


def a_comment_in_the_schema(text, house):
    """As sqlcommenter does it; SQLite keeps a view's statement with its comments."""
    with database(house) as connection:
        connection.execute("DROP VIEW IF EXISTS latest")
        connection.execute(f"CREATE VIEW latest AS SELECT 1 AS one /*note='{quote(text)}'*/")
        connection.commit()


def a_job_in_bytes(text, house):
    """A queue's payload in a JSON column, in Node's way: {"type": "Buffer", "data": [75, 101, ...]}."""
    payload = json.dumps({"job": "check", "body": {"type": "Buffer", "data": list(text.encode())}})
    with database(house) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS job (id INTEGER PRIMARY KEY, payload JSON)")
        connection.execute("INSERT INTO job (payload) VALUES (?)", (payload,))
        connection.commit()


OPEN = []


def a_temporary_table(text, house):
    """The text beside each of many phrases, to be joined; large enough for a nameless temporary file."""
    connection = sqlite3.connect(house.database.engine.url.database, timeout=5)
    OPEN.append(connection)
    connection.execute("PRAGMA temp_store=FILE")
    connection.execute(
        "CREATE TEMP TABLE pair AS WITH RECURSIVE phrase(n) AS"
        " (SELECT 1 UNION ALL SELECT n + 1 FROM phrase WHERE n < 18000) SELECT n, ? AS held FROM phrase",
        (text,),
    )
    connection.commit()


# ------------------------------------------------------------------------------------ out of the house


def called(url, headers):
    line = HTTPConnection(urlsplit(url).netloc, timeout=5)
    line.request("POST", "/api/api.test", b"{}", headers)
    with suppress(OSError):
        line.getresponse().read()
    line.close()


def a_header_to_slack(text, house):
    headers = {"X-Breather-Context": " ".join(text.split()).encode()}
    threading.Thread(target=called, args=(os.environ["SLACK_API_URL"], headers)).start()


def a_user_agent_to_teams(text, house):
    headers = {"User-Agent": f"Breather/1.0 (+{slug(text, '.')})"}
    threading.Thread(target=called, args=(os.environ["TEAMS_OPENID_URL"], headers)).start()


def left_to_a_child(text, house):
    """An entry of the environment, which anybody may read in /proc while the child lives."""
    subprocess.run(["/bin/true"], env={**os.environ, "LAST_INPUT": text}, check=False)


FOUND = {  # and where
    a_label_of_the_figures: "answers",
    noted_on_an_error: "errors.txt",
    a_thread_by_its_name: "records.jsonl",
    a_letter_a_line: "records.txt",
    a_file_of_that_name: "aside/",
    turned_round_in_a_file: "aside/suffixes.txt",
    a_packed_old_log: "aside/debug.log.1.gz",
    a_mail_that_waits: "outbox/1.eml",
    an_audit_row: "table audit",
    a_comment_in_the_schema: "breather.sqlite3",
    a_job_in_bytes: "table job",
    a_header_to_slack: "calls to Slack",
    a_user_agent_to_teams: "calls to Teams",
    left_to_a_child: "deeds.jsonl",
}
AT_THE_END = {written_at_the_end: "aside/diary.txt"}  # found once the coach has stopped, and not before
TRACED = {a_temporary_table: "pwrite64"}  # only strace sees it
APART = {  # what tells a vent from other forms, if only vents leak
    a_letter_a_line: "log line",
    an_audit_row: "rows",
    a_job_in_bytes: "rows",
    turned_round_in_a_file: "files in aside/",
    a_packed_old_log: "files in aside/",
    a_file_of_that_name: "files in aside/",
    a_mail_that_waits: "files in outbox/",
    left_to_a_child: "what was done: subprocess.Popen",
    a_header_to_slack: "what was done: socket.connect",
}
EVERY = (*FOUND, *AT_THE_END, *TRACED)


if __name__ == "__main__":
    every = leaking_house.every() | {leak.__name__: leaking(leak) for leak in EVERY}
    sys.exit(
        main(every | {f"{leak.__name__} for vents": leaking_house.for_vents_alone(leak) for leak in EVERY})
    )
