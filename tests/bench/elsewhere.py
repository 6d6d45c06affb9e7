"""What people could use instead, as it was measured once on a machine of this kind: to compare with, not taken in this run."""

from collections.abc import Sequence

from tests.bench.measure import Figure

SYSTEMS = ("DjangoCRM", "Tryton", "UK Data Hub")
AT_100K: dict[str, tuple[str, ...]] = {
    "list, p50": ("372", "247", "839"),
    "search for 长春, p50": ("1,048", "848", "650"),
    "funnel, p50": ("153", "117", "–"),
    "stage update on the board, p50": ("692", "25 (RPC only)", "181"),
}
AT_1M: dict[str, tuple[str, ...]] = {
    "list, p50": ("3,900", "–", "–"),
    "search for 长春, p50": ("4,800", "–", "–"),
}


def printed(figures: Sequence[Figure]) -> str:
    """Our figures of this run beside theirs, in ms."""
    ours = {figure.name: figure.ours for figure in figures}
    lines = [f"Measured elsewhere, not in this run: ms of {' / '.join(SYSTEMS)}"]
    for size, theirs in (("100k", AT_100K), ("1m", AT_1M)):
        lines += [f"  {name}: {' / '.join(values)} at {size}; ours now {ours[name]:,.1f}"
                  for name, values in theirs.items() if name in ours]  # fmt: skip
    return "\n".join(lines)
