"""Logs a fault by its kind and place only: its message, or the address asked for, may hold a child's data."""

from __future__ import annotations

import logging
import traceback
from pathlib import Path


class Faults(logging.StreamHandler):
    """Writes a fault as `TypeError at views.py:12 > children.py:40`, and nothing else of it."""

    def format(self, record: logging.LogRecord) -> str:
        """The line that is written."""
        fault = record.exc_info[1] if record.exc_info else None
        message = "answered with a fault"
        if fault:
            calls = traceback.extract_tb(fault.__traceback__)[-6:]
            places = [f"{Path(call.filename).name}:{call.lineno}" for call in calls]
            message = f"{type(fault).__name__} at {' > '.join(places)}"
        same = {name: getattr(record, name) for name in ("name", "levelno", "levelname", "created")}
        return super().format(logging.makeLogRecord({**same, "msg": message}))
