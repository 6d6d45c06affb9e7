"""The embedded server: shared while used, stopped by the last, adopted after a kill, closed to everyone else."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from crm.database import binary
from crm.embedded import open_server
from crm.owner import DatabaseUnavailable
from crm.server import NO_PID, Server

IS_ROOT = os.geteuid() == 0
NOBODY = 65534
DENIED = "Permission denied"
USE = """
import sys
from pathlib import Path
from crm.embedded import open_server
with open_server(Path(sys.argv[1])) as url:
    print(url, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data folder to be, with a space and Chinese in its path; nothing of it is left running or lying about."""
    parent = Path(tempfile.mkdtemp(prefix="landfall test "))
    parent.chmod(0o755)
    data_dir = parent / "数据 文件夹"
    yield data_dir
    if (data_dir / "database" / "18").exists():
        Server(data_dir).stop()
    shutil.rmtree(parent)


@contextmanager
def another_process(data_dir: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that uses the folder's server until its standard input ends; `.url` is in its first line."""
    command = [sys.executable, "-c", USE, str(data_dir)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def postmaster(data_dir: Path) -> int:
    return int((data_dir / "database" / "18" / "postmaster.pid").read_text(encoding="utf-8").split("\n")[0])


def answer(url: str) -> str:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT current_setting('server_encoding') || '贰'").fetchone()[0]


def test_it_serves_utf_8_and_ends_with_its_only_user(folder: Path) -> None:
    with open_server(folder) as url:
        assert answer(url) == "UTF8贰"
        assert Server(folder).is_running()
    assert not Server(folder).is_running()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)


def test_it_neither_listens_on_the_network_nor_loses_what_was_committed(folder: Path) -> None:
    with open_server(folder) as url, psycopg.connect(url) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
        assert connection.execute("SHOW timezone").fetchone() == ("UTC",)


def test_what_was_written_is_there_the_next_time(folder: Path) -> None:
    with open_server(folder) as url, psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept (word text); INSERT INTO kept VALUES ('𠮷野')")
    with open_server(folder) as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT word FROM kept").fetchone() == ("𠮷野",)


def test_a_second_process_shares_it_and_the_last_one_stops_it(folder: Path) -> None:
    with another_process(folder) as other:
        url = other.stdout.readline().strip()
        with open_server(folder) as same:
            assert same == url
            other.communicate("")
            assert other.returncode == 0
            assert answer(same) == "UTF8贰"
    assert not Server(folder).is_running()


def test_after_a_kill_of_its_user_the_next_adopts_it(folder: Path) -> None:
    with another_process(folder) as other:
        url = other.stdout.readline().strip()
        server = postmaster(folder)
        other.kill()
        other.wait()
    assert Server(folder).is_running()
    with open_server(folder) as same:
        assert (same, postmaster(folder)) == (url, server)
    assert not Server(folder).is_running()


def test_after_a_kill_of_everything_the_next_starts_it_anew(folder: Path) -> None:
    with another_process(folder) as other:
        left = Path(conninfo_to_dict(other.stdout.readline().strip())["host"])
        os.kill(postmaster(folder), signal.SIGKILL)
        other.kill()
        other.wait()
    with open_server(folder) as url:
        assert answer(url) == "UTF8贰"
        assert not left.exists()


def test_a_pid_that_another_program_has_by_now_is_not_mistaken_for_the_server(folder: Path) -> None:
    with open_server(folder):
        note = folder / "database" / "18" / "postmaster.pid"
        server = Server(folder)
        text = note.read_text(encoding="utf-8")
    server.owner.write(note, text.replace(text.split("\n")[0], str(os.getpid()), 1))
    assert not server.is_running()
    with open_server(folder) as url:
        assert answer(url) == "UTF8贰"
        assert postmaster(folder) not in {os.getpid(), NO_PID}


def test_nobody_gets_in_without_the_password(folder: Path) -> None:
    with open_server(folder) as url:
        for password in ("", "wrong"):
            with pytest.raises(psycopg.OperationalError, match="password"):
                psycopg.connect(make_conninfo(url, password=password))


def test_another_user_reaches_neither_the_socket_nor_the_files(folder: Path) -> None:
    with open_server(folder) as url:
        sockets = Path(conninfo_to_dict(url)["host"])
        closed = [sockets, folder / "database", folder / "database" / "18"]
        assert [oct(stat.S_IMODE(path.stat().st_mode)) for path in closed] == ["0o700"] * 3
        assert stat.S_IMODE((folder / "database" / "password").stat().st_mode) == 0o600
        assert stat.S_IMODE(folder.stat().st_mode) & 0o007 == 0
        if IS_ROOT:  # only root can try to be someone else
            secrets = [sockets / ".s.PGSQL.5432", folder / "database" / "password", folder / "database" / "18"]
            assert [as_nobody("ls", path) for path in secrets] == [DENIED] * 3


def as_nobody(*command: str | Path) -> str:
    """What a command says to a user who has no business here."""
    done = subprocess.run(
        [str(part) for part in command], user=NOBODY, group=NOBODY, extra_groups=[], cwd="/", env={"LC_ALL": "C"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stderr.strip().rpartition(": ")[2] if done.returncode else "let in"


def test_no_mode_of_a_parent_is_touched(folder: Path) -> None:
    home = folder.parent / "home"
    home.mkdir(mode=0o700)
    if IS_ROOT:
        with pytest.raises(DatabaseUnavailable, match=r"landfall, which cannot enter .*/home: name another folder"):
            open_server(home / "data").__enter__()
        assert list(home.iterdir()) == []
    else:
        with open_server(home / "data") as url:
            assert answer(url) == "UTF8贰"
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


def test_a_folder_of_other_things_is_not_opened_to_the_system_user(folder: Path) -> None:
    folder.mkdir(mode=0o700)
    (folder / "diary.txt").write_text("mine", encoding="utf-8")
    if IS_ROOT:
        with pytest.raises(DatabaseUnavailable, match="cannot enter"):
            open_server(folder).__enter__()
    else:
        with open_server(folder) as url:
            assert answer(url) == "UTF8贰"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_data_of_another_version_of_postgresql_is_refused_and_left_alone(folder: Path) -> None:
    older = folder / "database" / "17"
    server = Server(folder)
    older.mkdir(parents=True)
    (older / "PG_VERSION").write_text("17\n", encoding="utf-8")
    os.chown(server.home, server.owner.uid, server.owner.gid)
    with pytest.raises(DatabaseUnavailable, match="made by PostgreSQL 17"):
        open_server(folder).__enter__()
    assert (older / "PG_VERSION").exists()


@pytest.mark.parametrize("program", ["pg_dump", "pg_restore", "psql"])
def test_the_client_programs_run(program: str) -> None:
    done = subprocess.run([binary(program), "--version"], capture_output=True, text=True, check=True)
    assert "PostgreSQL) 18" in done.stdout
