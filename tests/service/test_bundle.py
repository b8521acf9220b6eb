"""The offline bundle: made once, installed without a network as somebody who is not root, and served from a tree nobody can write."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.shut_off import NOBODY
from tests.support.surroundings import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.sqlite]

SERVES = """
import http.client, os, subprocess, sys, time
home, programs = sys.argv[1:]
environment = {"PATH": "/usr/bin:/bin", "LINEOFSIGHT_HOME": home, "LINEOFSIGHT_MODE": "service"}
def run(*words):
    return subprocess.run([f"{programs}/lineofsight", *words], env=environment, cwd=home, capture_output=True, text=True)
verified = run("verify")
assert verified.returncode == 0, verified.stderr
server = subprocess.Popen([f"{programs}/lineofsight", "serve", "--port", "8123"], env=environment, cwd=home, stdout=subprocess.DEVNULL)
def ask(path):
    connection = http.client.HTTPConnection("127.0.0.1", 8123, timeout=30)
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.status, answer.read()
try:
    until = time.monotonic() + 90
    while True:
        try:
            ready = ask("/health/ready")
            break
        except OSError:
            assert time.monotonic() < until, "it does not listen"
            time.sleep(0.3)
    assert ready == (200, b"ok\\n"), ready
    status, page = ask("/sign-in/")
    assert status == 200 and b"Sign in" in page
    assert ask("/static/lineofsight/lineofsight.css")[0] == 200
finally:
    server.terminate()
    server.wait(30)
print(os.geteuid(), run("doctor").stdout)
"""


@pytest.fixture(scope="module")
def bundle() -> Iterator[Path]:
    """The bundle, unpacked where any account of this machine can read it, whatever a command run here before set."""
    before = os.umask(0o022)
    folder = Path(tempfile.mkdtemp(prefix="lineofsight-bundle-"))
    folder.chmod(0o755)
    programs = Path(sys.executable)
    environment = {
        **os.environ,
        "LINEOFSIGHT_PYTHON": str(programs),
        "LINEOFSIGHT_BUILDER": str(programs.parents[1] / "builder"),
    }
    done = subprocess.run(
        [ROOT / "packaging" / "make-bundle", folder / "dist"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        assert done.returncode == 0, done.stderr
        with tarfile.open(done.stdout.splitlines()[-1]) as tar:
            tar.extractall(folder, filter="data")
        yield next(path for path in folder.iterdir() if path.name.startswith("lineofsight-"))
    finally:
        os.umask(before)
        shutil.rmtree(folder, ignore_errors=True)


def shut_off(*command: object) -> subprocess.CompletedProcess[str]:
    """Run a command without a network, as nobody where this is root and nobody can read the Python that it runs on."""
    apart = ["unshare", "--net"] if IS_ROOT else ["unshare", "--net", "--map-root-user"]
    keep = [] if AS_NOBODY else ["--keep-account"]
    words = [
        *apart,
        sys.executable,
        "-m",
        "tests.support.shut_off",
        *keep,
        "env",
        "-u",
        "PYTHONPATH",
        *map(str, command),
    ]
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
    return subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def _of_the_system() -> str | None:
    """The system's own Python, where it is of the version that the bundle is for and can make environments."""
    asked = f"import ensurepip, sys; sys.exit(sys.version_info[:2] != {tuple(sys.version_info[:2])})"
    found = shutil.which("python3", path="/usr/bin:/usr/local/bin")
    return (
        found
        if found and subprocess.run([found, "-c", asked], capture_output=True, check=False).returncode == 0
        else None
    )


IS_ROOT = os.geteuid() == 0
PYTHON = _of_the_system() or os.path.realpath(sys.executable)
AS_NOBODY = IS_ROOT and not PYTHON.startswith("/root")


def test_every_wheel_is_hashed_and_the_lock_names_nothing_else(bundle: Path) -> None:
    wheels = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (bundle / "wheels").iterdir()
    }
    sums = dict(reversed(line.split()) for line in (bundle / "SHA256SUMS").read_text().splitlines())
    assert wheels == sums
    lock = (bundle / "bundle.lock").read_text()
    assert sorted(line.partition("sha256:")[2] for line in lock.splitlines()) == sorted(wheels.values())
    ours = [name for name in wheels if name.startswith("lineofsight-")]
    assert len(ours) == 1
    assert len(wheels) > 45
    assert (bundle / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()


@pytest.mark.skipif(shutil.which("unshare") is None, reason="needs unshare, of util-linux")
def test_it_installs_and_serves_without_a_network_from_a_tree_that_cannot_be_written(bundle: Path) -> None:
    target, home = bundle.parent / "installed", bundle.parent / "home"
    target.mkdir()
    home.mkdir(mode=0o700)
    if AS_NOBODY:
        os.chown(target, NOBODY, NOBODY)
        os.chown(home, NOBODY, NOBODY)
    done = shut_off(f"LINEOFSIGHT_PYTHON={PYTHON}", bundle / "install", target)
    assert done.returncode == 0, (done.stdout, done.stderr)
    assert "No broken requirements found" in done.stdout
    if AS_NOBODY:  # the tree becomes somebody else's: what serves can only read it
        subprocess.run(["chown", "-R", "0:0", target], check=True)
    served = shut_off(target / "bin" / "python", "-c", SERVES, home, target / "bin")
    assert served.returncode == 0, (served.stdout, served.stderr)
    account, _, lines = served.stdout.partition(" ")
    assert account == (str(NOBODY) if AS_NOBODY else "0")
    assert "ok            database" in lines
    assert "ok            reader" in lines


def test_a_wheel_that_was_changed_is_refused(bundle: Path, tmp_path: Path) -> None:
    copy = tmp_path / "bundle"
    (copy / "wheels").mkdir(parents=True)
    for name in ("install", "SHA256SUMS", "bundle.lock"):
        shutil.copy(bundle / name, copy)
    for wheel in (bundle / "wheels").iterdir():
        os.link(wheel, copy / "wheels" / wheel.name)
    click = next((copy / "wheels").glob("click-*"))
    content = click.read_bytes()
    click.unlink()
    click.write_bytes(content + b"x")
    done = subprocess.run(
        [copy / "install", tmp_path / "target"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "not what was bundled" in done.stderr
    assert not (tmp_path / "target").exists()
