"""Cases met in the field, kept beside this repository with what is right: each is played, as their own runner does."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from tests.service.homes import Home
from tests.support import surroundings

CASES = surroundings.ROOT.parent / "shared" / "cases"
NAMES = sorted(path.parent.name for path in CASES.glob("*/case.json")) or ["none"]

pytestmark = [
    pytest.mark.shared,
    pytest.mark.sqlite,
    pytest.mark.skipif(not CASES.is_dir(), reason="the cases do not lie beside the project"),
]


def _runner() -> Any:
    spec = importlib.util.spec_from_file_location("cases_met", CASES / "cases.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", NAMES)
def test_a_case_comes_out_right(name: str, home: Home) -> None:
    """Its commands are run here rather than each as a process of its own, which is all that differs."""
    runner = _runner()

    class Played(runner.Case):  # type: ignore[misc, name-defined]
        def command_says(self, *words: str) -> CompletedProcess[str]:
            done = home.run(*words)
            if done.returncode:
                self.all_told.append(done.stderr)
                self.told += [done.stderr] * (done.returncode == 2)
            return done

    assert Played(Path(CASES / name), [], home.path).play() == []
