"""The files of one embedded PostgreSQL server and what its owner does to them: initdb, start, stop, adopt."""

import os
import secrets
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

from crm.owner import DatabaseUnavailable, Owner, last_line, owner_of

DATABASE = SUPERUSER = "landfall"
SOCKET_PREFIX = "landfall-"
LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.5432.lock")
START_SECONDS = 60
VERSION = "18"
PID, SOCKETS, STATUS = 0, 4, 7  # lines of postmaster.pid
NO_PID = 2**22 + 1  # more than any system hands out
ACCESS = "# The socket only, and never without the password.\nlocal all all scram-sha-256\n"

CONFIGURATION = """\
# Written anew at every start; settings of your own go into local.conf beside this file.
listen_addresses = ''
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
password_encryption = 'scram-sha-256'
max_connections = 100
shared_buffers = '{buffers}MB'
work_mem = '32MB'
maintenance_work_mem = '256MB'
max_wal_size = '4GB'
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
        # One spelling of the path: the running postgres is known by the one on its command line.
        self.home = data_dir.resolve() / "database"
        self.cluster = self.home / VERSION
        self.password_file = self.home / "password"
        self.durable = durable

    def ensure_running(self, *, alone: bool) -> None:
        """Adopt the running server or start it. `alone`: no other process holds the folder."""
        self._refuse_foreign()
        if not (self.cluster / "PG_VERSION").exists():
            self._initialize()
        if self._is_ready():
            return
        if alone:
            self._clear_traces()
        self._start()

    def _refuse_foreign(self) -> None:
        """Refuse what another user's process or another version of PostgreSQL made: neither can be opened here."""
        if not self.home.exists():
            return
        maker = self.home.stat().st_uid
        if maker != self.owner.uid:
            raise DatabaseUnavailable(
                f"{self.home} 属于另一用户（uid {maker}），请以该用户运行，或用 --data-dir 另指文件夹 · {self.home} belongs to "
                f"another user (uid {maker}): run as that user, or name another folder with --data-dir."
            )
        others = [found.parent.name for found in self.home.glob("*/PG_VERSION") if found.parent.name.isdigit()]
        if others and VERSION not in others:
            raise DatabaseUnavailable(
                f"{self.home} 是 PostgreSQL {others[0]} 的数据，须先备份再恢复到新文件夹 · {self.home} was made by PostgreSQL "
                f"{others[0]}: back it up with that version and restore it into a new folder."
            )

    def _is_ready(self) -> bool:
        """Whether a server runs here and takes connections; one that is starting or stopping is waited for."""
        deadline = time.monotonic() + START_SECONDS
        while self.is_running():
            if self._noted(STATUS) == "ready":
                return True
            if time.monotonic() > deadline:
                raise DatabaseUnavailable(
                    f"内嵌数据库迟迟未就绪，日志在 {self.cluster}/log · The embedded database does not get ready; "
                    f"its log is in {self.cluster}/log."
                )
            time.sleep(0.05)
        return False

    def is_running(self) -> bool:
        """Whether the postmaster that left its pid here is alive, and not another program with that number."""
        pid = self._noted(PID)
        if not pid.isdigit():
            return False
        if Path("/proc/self").exists():
            try:
                return os.fsencode(self.cluster) in Path("/proc", pid, "cmdline").read_bytes().split(b"\0")
            except (FileNotFoundError, ProcessLookupError):
                return False
        return self.owner.postgres("pg_ctl", "status", "-D", self.cluster).returncode == 0

    def url(self, database: str = DATABASE) -> str:
        password = self.password_file.read_text(encoding="ascii").strip()
        return f"postgresql://{SUPERUSER}:{password}@/{database}?host={quote(str(self.socket_folder()), safe='')}"

    def socket_folder(self) -> Path:
        """Where the running server listens, as it says itself."""
        return Path(self._noted(SOCKETS))

    def stop(self) -> None:
        if self.is_running():
            sockets = self.socket_folder()
            self.owner.postgres("pg_ctl", "stop", "-D", self.cluster, "-m", "fast", "-w", "-t", str(START_SECONDS))
            _remove_sockets(sockets, self.owner)

    def _noted(self, line: int) -> str:
        """A line of the postmaster's own note on itself; empty where there is none."""
        try:
            lines = (self.cluster / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return ""
        return lines[line].strip() if len(lines) > line else ""

    def _initialize(self) -> None:
        if not self.home.exists():
            self.home.mkdir(mode=0o700)
            os.chown(self.home, self.owner.uid, self.owner.gid)
        if not self.password_file.exists():
            self.owner.write(self.password_file, secrets.token_hex(24) + "\n")
        made = self.home / f"{VERSION}.new"
        self.owner.command("rm", "-rf", made)  # what an initdb that was cut short left
        done = self.owner.postgres(
            "initdb", "-D", made, "--username", SUPERUSER, "--pwfile", self.password_file, "--auth=scram-sha-256",
            "--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
            *([] if self.durable else ["--no-sync"]),
        )  # fmt: skip
        if done.returncode:
            raise DatabaseUnavailable(last_line(done.stderr or done.stdout))
        self.owner.write(made / "pg_hba.conf", ACCESS)
        self.owner.command("mv", made, self.cluster)

    def _clear_traces(self) -> None:
        """Make good what a killed server left behind: its sockets, and a pid that may be another program's by now.

        The note itself stays: by it postgres sees whether processes of the killed server still hold its memory.
        """
        if sockets := self._noted(SOCKETS):
            _remove_sockets(Path(sockets), self.owner)
        note = self.cluster / "postmaster.pid"
        if note.exists():
            _, _, rest = note.read_text(encoding="utf-8").partition("\n")
            self.owner.write(note, f"{NO_PID}\n{rest}")

    def _start(self) -> None:
        sockets = _new_socket_folder(self.owner)
        speed = "" if self.durable else UNSAFE
        settings = CONFIGURATION.format(sockets=sockets, speed=speed, **_memory(os.sysconf("SC_PHYS_PAGES")))
        self.owner.write(self.cluster / "postgresql.conf", settings)
        log = self.home / "start.log"
        deadline = time.monotonic() + START_SECONDS
        start = ("start", "-D", self.cluster, "-l", log, "-w", "-t", str(START_SECONDS))
        while self.owner.postgres("pg_ctl", *start).returncode:
            said = log.read_text(encoding="utf-8", errors="replace").splitlines()[-5:] if log.exists() else []
            # Processes of a killed server finish what they do; until then postgres rightly refuses.
            if time.monotonic() > deadline or not any("shared memory block" in line for line in said):
                _remove_sockets(sockets, self.owner)
                raise DatabaseUnavailable(
                    f"内嵌数据库没有启动，日志在 {log} · The embedded database did not start; its log is {log}: {' '.join(said)}"
                )
            time.sleep(0.2)


def _memory(pages: int) -> dict[str, int]:
    """What the server may keep at hand, in MB: an eighth of the machine, within reason; the system's cache holds more."""
    machine = pages * os.sysconf("SC_PAGE_SIZE") >> 20
    return {"buffers": min(max(machine // 8, 128), 1024)}


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
