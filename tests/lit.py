"""Projects and rules at random, for whatever asks after lights."""

from datetime import date

from hypothesis import strategies as st

from domain.lights import Seen
from domain.project import MILESTONES, ProjectKind, ProjectStatus
from domain.rules import Counting, LightRules, Rules

_DAYS = st.none() | st.dates(date(2025, 9, 1), date(2026, 12, 31))
_MARKS = st.tuples(*([_DAYS] * len(MILESTONES)))
SEEN = st.builds(
    Seen,
    kind=st.sampled_from(ProjectKind).map(str),
    status=st.sampled_from(ProjectStatus).map(str),
    planned=_MARKS,
    reached=st.one_of(st.just((None,) * len(MILESTONES)), _MARKS),
    physical=st.none() | st.integers(0, 100),
)
RULES = st.builds(
    Rules,
    lights=st.builds(
        LightRules,
        late_yellow_months=st.integers(1, 3),
        late_red_months=st.integers(3, 8),
        behind_yellow_points=st.integers(1, 30),
        behind_red_points=st.integers(30, 100),
        paused=st.booleans(),
    ),
    counting=st.builds(Counting, investment=st.booleans(), public_works=st.booleans()),
)
