"""`breather migrate --from`: a database moves, or the command says in a line why it does not."""

from tests.bot.test_process import breather, running


def test_into_another_file(tmp_path):
    """Everything comes along, and only into an empty database that nobody uses."""
    with running("demo", "--port", "0", cwd=tmp_path):
        old = "sqlite:///.breather/breather.sqlite3"
        new = {"DATABASE_URL": "sqlite:///new.sqlite3"}
        refused = breather("migrate", "--from", old, cwd=tmp_path, **new)
    assert refused.returncode == 1
    assert "Stop it first" in refused.stderr
    moved = breather("migrate", "--from", old, cwd=tmp_path, **new)
    assert (moved.returncode, moved.stderr) == (0, "")
    assert "Copied" in moved.stdout


def test_from_nowhere(tmp_path):
    """A typo in the path is not taken for an empty database."""
    done = breather("migrate", "--from", "sqlite:///typo.sqlite3", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr == "breather: there is no database at typo.sqlite3.\n"
    assert not (tmp_path / "typo.sqlite3").exists()
