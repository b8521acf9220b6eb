"""The one exception that is meant for a person: a sentence that says what to do."""

from __future__ import annotations


class Refused(Exception):
    """What was asked cannot be done, and its text tells the person why and what to do instead.

    Raised for a user's mistake (a file, a word, a day), never for a fault of ours. Commands print
    it on one line and exit with 2; pages show it above the form.
    """
