"""How a fault is logged: by its kind and place only, for its message, or the address asked, may hold what was read."""

from __future__ import annotations

import logging
import traceback
from pathlib import Path


class Faults(logging.StreamHandler):
    """Writes a fault as `TypeError at views.py:12 > children.py:40`, and nothing else of it."""

    def format(self, record: logging.LogRecord) -> str:
        """The line that is written."""
        fault = record.exc_info[1] if record.exc_info else None
        places = (
            [f"{Path(one.filename).name}:{one.lineno}" for one in traceback.extract_tb(fault.__traceback__)]
            if fault
            else []
        )
        said = f"{type(fault).__name__} at {' > '.join(places[-6:])}" if fault else "answered with a fault"
        plain = logging.makeLogRecord({"name": record.name, "levelno": record.levelno, "levelname": record.levelname,
                                       "msg": said, "created": record.created})  # fmt: skip
        return super().format(plain)
