"""The one exception for the user: a sentence that says what to do."""

from __future__ import annotations


class Refused(Exception):
    """A request that cannot be done. The text says why and what to do instead.

    Raise it for a user's mistake (a file, a word, a day), never for a fault of ours. Commands print
    it on one line and exit with 2. Pages show it above the form, so the text names no command and no option:
    `command` is what only the command line adds.
    """

    def __init__(self, text: str = "", *, command: str = "") -> None:
        super().__init__(text)
        self.command = command
