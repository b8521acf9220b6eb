"""Every register's table of transitions. The reference page and its diagrams are generated from it."""

from __future__ import annotations

from lineofsight.oversight.decisions import DECISION, INDICATOR
from lineofsight.oversight.directions import INSTRUMENT, REQUIREMENT
from lineofsight.oversight.duties import DUTY
from lineofsight.oversight.improvement import ACTION
from lineofsight.oversight.members_questions import MEMBERS_QUESTION
from lineofsight.oversight.questions import GATE, QUESTION
from lineofsight.oversight.reviews import BEFORE, PRESENT
from lineofsight.oversight.transitions import Machine

MACHINES: tuple[Machine, ...] = (
    BEFORE,
    PRESENT,
    INSTRUMENT,
    REQUIREMENT,
    DUTY,
    ACTION,
    QUESTION,
    GATE,
    MEMBERS_QUESTION,
    DECISION,
    INDICATOR,
)
"""The machines of every register."""
