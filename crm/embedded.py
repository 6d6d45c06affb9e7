"""The embedded PostgreSQL: one server per data folder, shared by however many processes ask for it.

Whoever uses it holds a shared lock; whoever gets that lock alone on leaving stops the server. After a kill -9 of
everything the server still runs, or its files still lie there, and the next to come adopts it or starts it anew.
"""

import fcntl
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psycopg
from psycopg import sql

from crm.owner import DatabaseUnavailable, Owner, owner_of

DATABASE = SUPERUSER = "landfall"
SOCKET_PREFIX = "landfall-"
LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.5432.lock")
START_SECONDS = "60"

CONFIGURATION = """\
# Written anew at every start; settings of your own go into local.conf beside this file.
listen_addresses = ''
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
password_encryption = 'scram-sha-256'
max_connections = 100
shared_buffers = '128MB'
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
jit = off
# The log names neither statements nor values: they carry what people are called.
logging_collector = on
log_filename = 'postgresql-%a.log'
log_truncate_on_rotation = on
log_rotation_age = '1d'
log_min_messages = 'warning'
log_checkpoints = off
log_min_error_statement = 'panic'
log_error_verbosity = 'terse'
{speed}include_if_exists 'local.conf'
"""
# For a cluster that lives as long as a test run: a crash may lose it.
UNSAFE = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"


class Server:
    """The files of one embedded server, and what is done to them by its owner."""

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        self.owner: Owner = owner_of(data_dir)
        self.data_dir = data_dir
        self.home = data_dir / "database"
        self.cluster = self.home / "18"
        self.password_file = self.home / "password"
        self.durable = durable

    def ensure_running(self, *, alone: bool) -> None:
        """Adopt the running server or start it. `alone`: no other process holds the folder."""
        if not (self.cluster / "PG_VERSION").exists():
            self._initialize()
        if self.is_running():
            return
        if alone:
            self._clear_traces()
        self._start()

    def is_running(self) -> bool:
        """Whether the postmaster that left its pid here is alive, and not another program with that number."""
        lines = self._postmaster()
        if not lines or not lines[0].isdigit():
            return False
        process = Path("/proc") / lines[0]
        if process.parent.joinpath("self").exists():
            try:
                return os.fsencode(self.cluster) in (process / "cmdline").read_bytes().split(b"\0")
            except (FileNotFoundError, ProcessLookupError):
                return False
        return self.owner.postgres("pg_ctl", "status", "-D", self.cluster).returncode == 0

    def url(self, database: str = DATABASE) -> str:
        password = self.password_file.read_text(encoding="ascii").strip()
        return f"postgresql://{SUPERUSER}:{password}@/{database}?host={quote(str(self.socket_folder()), safe='')}"

    def socket_folder(self) -> Path:
        """Where the running server listens, as it says itself."""
        lines = self._postmaster()
        socket_line = 4
        if len(lines) <= socket_line:
            raise DatabaseUnavailable(f"内嵌数据库没有运行 · The embedded database in {self.cluster} is not running.")
        return Path(lines[socket_line])

    def stop(self) -> None:
        if self.is_running():
            sockets = self.socket_folder()
            self.owner.postgres("pg_ctl", "stop", "-D", self.cluster, "-m", "fast", "-w", "-t", START_SECONDS)
            _remove_sockets(sockets, self.owner)

    def _postmaster(self) -> list[str]:
        try:
            return (self.cluster / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return []

    def _initialize(self) -> None:
        shutil.rmtree(self.home, ignore_errors=True)  # what an initdb that was cut short left
        self._made_by_owner("mkdir", "-m", "700", self.home)
        self.owner.write(self.password_file, secrets.token_hex(24) + "\n")
        made = self.home / "18.new"
        done = self.owner.postgres(
            "initdb", "-D", made, "--username", SUPERUSER, "--pwfile", self.password_file, "--auth=scram-sha-256",
            "--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
            *([] if self.durable else ["--no-sync"]),
        )  # fmt: skip
        if done.returncode:
            raise DatabaseUnavailable(f"initdb: {_last_line(done.stderr or done.stdout)}")
        self.owner.write(
            made / "pg_hba.conf", "# The socket only, and never without the password.\nlocal all all scram-sha-256\n"
        )
        self._made_by_owner("mv", made, self.cluster)

    def _made_by_owner(self, *command: str | Path) -> None:
        # The data folder itself is not the system user's: what is made directly in it, root makes and hands over.
        if self.owner.account and command[-1] == self.home:
            self.home.mkdir(mode=0o700)
            os.chown(self.home, self.owner.account.pw_uid, self.owner.account.pw_gid)
            return
        done = self.owner.run(*command)
        if done.returncode:
            raise DatabaseUnavailable(_last_line(done.stderr))

    def _clear_traces(self) -> None:
        """Remove what a killed server left: its pid may be another program's by now."""
        lines = self._postmaster()
        socket_line = 4
        if len(lines) > socket_line:
            _remove_sockets(Path(lines[socket_line]), self.owner)
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)

    def _start(self) -> None:
        sockets = _new_socket_folder(self.owner)
        settings = CONFIGURATION.format(sockets=sockets, speed="" if self.durable else UNSAFE)
        self.owner.write(self.cluster / "postgresql.conf", settings)
        log = self.home / "start.log"
        done = self.owner.postgres("pg_ctl", "start", "-D", self.cluster, "-l", log, "-w", "-t", START_SECONDS)
        if done.returncode:
            _remove_sockets(sockets, self.owner)
            raise DatabaseUnavailable(
                f"内嵌数据库没有启动，日志在 {log} · The embedded database did not start; its log is {log}: {_tail(log)}"
            )


def _tail(log: Path) -> str:
    return _last_line(log.read_text(encoding="utf-8", errors="replace")) if log.exists() else ""


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].strip() if lines else ""


def _new_socket_folder(owner: Owner) -> Path:
    """A folder of mode 700 under a name nobody could have made before us, short enough for a socket."""
    runtime = "/run" if owner.account else os.environ.get("XDG_RUNTIME_DIR", "")
    for base in (runtime, "/tmp"):  # noqa: S108  mkdtemp makes the name unpredictable and the mode 700
        usable = base.startswith("/") and os.access(base, os.W_OK | os.X_OK) and "'" not in base
        if usable and len(base) + len(f"/{SOCKET_PREFIX}12345678") <= LONGEST_SOCKET_FOLDER:
            folder = Path(tempfile.mkdtemp(prefix=SOCKET_PREFIX, dir=base))
            if owner.account:
                os.chown(folder, owner.account.pw_uid, owner.account.pw_gid)
            return folder
    raise DatabaseUnavailable("没有可放数据库套接字的文件夹 · No folder for the database socket: set XDG_RUNTIME_DIR.")


def _remove_sockets(folder: Path, owner: Owner) -> None:
    if folder.name.startswith(SOCKET_PREFIX) and folder.exists():
        owner.run("/bin/sh", "-c", 'rm -f "$1"/.s.PGSQL.*', "sh", folder)
        folder.rmdir()


@contextmanager
def _locked(path: Path, kind: int) -> Iterator[IO[str]]:
    with path.open("a", encoding="ascii") as file:
        fcntl.flock(file, kind)
        yield file


def _is_alone(users: IO[str]) -> bool:
    """Whether no other process uses the folder; the lock then is exclusive, until it is asked to be shared."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def open_server(data_dir: Path, *, durable: bool = True) -> Iterator[str]:
    """The URL of the district database of the server in `data_dir`, which runs at least as long as one is inside."""
    server = Server(data_dir, durable=durable)
    gate = data_dir / "gate.lock"  # held while the server is started or stopped
    with _locked(data_dir / "users.lock", fcntl.LOCK_SH) as users:
        with _locked(gate, fcntl.LOCK_EX):
            server.ensure_running(alone=_is_alone(users))
            fcntl.flock(users, fcntl.LOCK_SH)
            _ensure_database(server)
        try:
            yield server.url()
        finally:
            with _locked(gate, fcntl.LOCK_EX):
                if _is_alone(users):
                    server.stop()


def _ensure_database(server: Server) -> None:
    with psycopg.connect(server.url("postgres"), autocommit=True, connect_timeout=60) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
        if not found:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
