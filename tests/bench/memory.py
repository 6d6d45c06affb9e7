"""What a worker of the web and the projector hold in memory, after all pages were asked."""

from tests.bench.measure import Figure, alone, within
from tests.bench.process import Running, resident

WEB, PROJECTOR = "web worker, resident", "projector, resident"


def measured(ours: Running) -> list[Figure]:
    web, projector = resident(ours.process.pid), resident(ours.process.pid, child="crm.projector")
    return [alone(WEB, "MB", [web], within(150, "MB")), alone(PROJECTOR, "MB", [projector], within(250, "MB"))]
