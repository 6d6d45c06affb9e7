"""A ledger of many rows, from the file to the pages, by the code that the imports' page runs; in a process of its own.

Meanwhile an officer works: commands are given, and looked for where pages read.
"""

import io
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from uuid import UUID

from xlsxwriter import Workbook

from crm.access import SYSTEM
from crm.application import CRM
from crm.demo import cast, names
from crm.embedded import open_server
from crm.imports.choices import Source
from crm.imports.judging import Importer
from crm.imports.run import apply
from crm.settings import Settings
from domain.lead import Lead
from domain.lead.work import AddNote
from domain.person import Role
from domain.values import credit_code_check_digit
from tests.bench import makings
from tests.bench.district import District, by
from tests.bench.measure import Figure, alone, percentile, within
from tests.bench.process import resident
from tests.bench.visible import until_readable

ROWS = 100_000
IMPORTED = "import of an XLSX of {:,} rows, parse to visible"
MEMORY = "import, most memory"
COMMANDS = "an officer's command during an import, p95"
VISIBLE = "visible after a command during an import, p95"
PAUSE_SECONDS = 0.1
HEADER = ("企业名称", "统一社会信用代码", "国家/地区", "行业", "项目名称", "投资额(万元)", "渠道", "登记日期", "备注")
INDUSTRIES = ("制造业", "信息传输、软件和信息技术服务业", "交通运输、仓储和邮政业", "科学研究和技术服务业")


def measured(district: District, rows: int, say: Callable[[str], None]) -> list[Figure]:
    """Once: the projections run beside, in `crm serve`."""
    with TemporaryDirectory() as folder:
        file = Path(folder, "台账.xlsx")
        file.write_bytes(ledger(rows, district.crm.position()))
        seconds, most, commands, visible = _meanwhile(district, file, say)
    return [
        alone(IMPORTED.format(rows), "s", [seconds], within(60, "s")),
        alone(MEMORY, "MB", [most], within(600, "MB")),
        alone(COMMANDS, "ms", [percentile(commands, 0.95)], within(250, "ms")),
        alone(VISIBLE, "ms", [percentile(visible, 0.95)], within(100, "ms")),
    ]


def ledger(rows: int, seed: int) -> bytes:
    """As an office would keep it, every firm another one."""
    chance = Random(seed)  # noqa: S311  it invents, it keeps no secret
    out = io.BytesIO()
    with Workbook(out, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("台账")
        sheet.write_row(0, 0, HEADER)
        for n in range(1, rows + 1):
            sheet.write_row(n, 0, _row(chance, n))
    return out.getvalue()


def _row(chance: Random, number: int) -> tuple[str | int, ...]:
    firm, first = names.firm(chance, "CN"), f"91990000{chance.randrange(10**9):09d}"
    company = firm.company.replace(firm.trade.word, f"{firm.trade.word}{chance.randrange(10**6)}第{number}")
    return (
        company, first + credit_code_check_digit(first), "中国", chance.choice(INDUSTRIES), firm.trade.project,
        chance.randrange(300, 90_000), cast.any_source(chance).name,
        f"2026-0{chance.randint(1, 9)}-{chance.randint(1, 28):02d}", "由台账导入",
    )  # fmt: skip


def _meanwhile(
    district: District, file: Path, say: Callable[[str], None]
) -> tuple[float, float, list[float], list[float]]:
    leads = [lead.id for lead in makings.leads(district, 20, events=5)]
    commands, visible, most = [], [], 0.0
    command = [sys.executable, "-m", "tests.bench.importing", str(district.settings.data_dir), str(file)]
    started = time.perf_counter()
    with subprocess.Popen(command, env=os.environ) as process:
        while process.poll() is None:
            took, seen = _worked(district, leads[len(commands) % len(leads)])
            commands.append(took)
            visible.append(seen)
            most = max(most, resident(process.pid))
            time.sleep(PAUSE_SECONDS)
    if process.returncode:
        raise RuntimeError(f"the import ended with code {process.returncode}")
    district.crm.wait(district.crm.position(), 60)
    say(f"  {len(commands)} commands meanwhile")
    return time.perf_counter() - started, most, commands, visible


def _worked(district: District, lead: UUID) -> tuple[float, float]:
    """Milliseconds a command took, and from then on until its row was to be read."""
    started = time.perf_counter()
    done = district.crm.change(by(), Lead, lead, AddNote(note=makings.NOTE))
    took = time.perf_counter() - started
    return took * 1000, until_readable(district, lead, done.position) * 1000


def main() -> None:
    """Import one file: `python -m tests.bench.importing FOLDER FILE`."""
    folder, file = map(Path, sys.argv[1:])
    with open_server(folder) as url:
        crm = CRM(Settings.load(data_dir=folder), url)
        source = Source(file.read_bytes(), file.name)
        applied = apply(crm, source, Importer(SYSTEM, Role.ADMIN), _say)
        crm.close()
    if applied.report.new < applied.report.failed + applied.report.duplicates:
        raise RuntimeError(f"most was refused: {applied.report}")


def _say(done: int, total: int) -> None:
    if done * 10 // total != max(0, done - 500) * 10 // total:
        print(f"          {done:,} of {total:,} rows", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
