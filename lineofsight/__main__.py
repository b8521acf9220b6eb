"""`python -m lineofsight`: the command under another name."""

from __future__ import annotations

from lineofsight.service.cli import main

if __name__ == "__main__":
    main()
