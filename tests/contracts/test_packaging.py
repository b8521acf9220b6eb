"""What is shipped beside the package holds to it: units name commands there are, nothing runs as root, no secret is baked in."""

from __future__ import annotations

import importlib.util
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import click
import pytest
import yaml

from lineofsight.service.cli.commands import lineofsight
from lineofsight.service.health import looking
from lineofsight.service.settings import SETTINGS
from tests.support.surroundings import ROOT

PACKAGING = ROOT / "packaging"
SYSTEMD = PACKAGING / "systemd"
SERVICES = sorted(SYSTEMD.glob("*.service"))
CONTAINERFILE = (PACKAGING / "container" / "Containerfile").read_text("utf-8")
COMPOSE = yaml.safe_load((PACKAGING / "container" / "compose.yaml").read_text("utf-8"))
HARDENED = (
    "NoNewPrivileges=yes",
    "ProtectSystem=strict",
    "ProtectHome=yes",
    "PrivateTmp=yes",
    "CapabilityBoundingSet=",
    "UMask=0077",
    "User=lineofsight",
)
MOST_EXPOSED = 3.0
"""Of systemd's own scale from 0 to 10."""


def commands_in(text: str) -> list[list[str]]:
    """The words after every `lineofsight` that is started."""
    found = re.findall(r"/opt/lineofsight/bin/lineofsight ([^\n'\"]+)", text)
    return [shlex.split(line) for line in found]


def check_command(words: list[str]) -> None:
    command = lineofsight.commands[words[0]]
    assert not isinstance(command, click.Group)
    known = {name for parameter in command.params for name in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= known


def id_of(path: Path) -> str:
    return path.name


@pytest.mark.parametrize("unit", SERVICES, ids=id_of)
def test_a_unit_starts_a_command_there_is_and_may_do_little(unit: Path) -> None:
    lines = unit.read_text("utf-8").splitlines()
    started = commands_in("\n".join(lines))
    assert started
    for words in started:
        check_command(words)
    assert [line for line in HARDENED if line not in lines] == []


def test_every_timer_has_its_service_and_the_other_way_round() -> None:
    timers = {path.stem for path in SYSTEMD.glob("*.timer")}
    once = {path.stem for path in SERVICES if "Type=oneshot" in path.read_text("utf-8")}
    assert timers == once == {"lineofsight-backup", "lineofsight-verify", "lineofsight-doctor"}


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_understands_every_unit_and_finds_little_exposed(tmp_path: Path) -> None:
    for path in [*SERVICES, *SYSTEMD.glob("*.timer")]:
        text = path.read_text("utf-8").replace("/opt/lineofsight/bin/lineofsight", "/bin/true")
        (tmp_path / path.name).write_text(text)
    units = sorted(str(path) for path in tmp_path.iterdir())
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True, check=False
    )
    ours = [line for line in done.stderr.splitlines() if str(tmp_path) in line or "lineofsight" in line]
    assert (done.returncode, ours) == (0, []), done.stderr
    for unit in SERVICES:
        said = subprocess.run(
            ["systemd-analyze", "security", "--offline=yes", "--no-pager", str(tmp_path / unit.name)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        exposed = re.search(r"Overall exposure level for \S+: ([\d.]+)", said.stdout)
        assert exposed, said.stderr
        assert float(exposed[1]) <= MOST_EXPOSED, said.stdout


def test_the_environment_and_compose_set_only_what_is_read() -> None:
    known = {one.name for one in SETTINGS}
    text = (SYSTEMD / "environment.example").read_text("utf-8")
    assert set(re.findall(r"^#? ?(\w+)=", text, re.MULTILINE)) <= known
    assert set(COMPOSE["services"]["service"]["environment"]) <= known
    assert set(re.findall(r"\b(LINEOFSIGHT_\w+)=", CONTAINERFILE)) <= known


def test_the_journals_settings_are_what_doctor_looks_for() -> None:
    assert looking.retention([SYSTEMD / "journald.conf"]) == "90day"


def test_the_image_is_made_by_hash_runs_as_nobody_special_and_holds_no_secret() -> None:
    steps = re.split(r"\n(?=[A-Z]+ )", re.sub(r"^#.*\n", "", CONTAINERFILE, flags=re.MULTILINE))
    installs = [step for step in steps if "pip install" in step]
    for step in installs:
        for part in step.split("&&"):
            assert "pip install" not in part or "--require-hashes" in part or "--no-index" in part, part
    froms = [step.split()[1] for step in steps if step.strip().startswith("FROM")]
    assert len(set(froms)) == 1
    assert "slim" in froms[0]
    last = steps[max(number for number, step in enumerate(steps) if step.strip().startswith("FROM")) :]
    assert any(step.startswith("USER 10001") for step in last)
    assert not re.search("SECRET|PASSWORD|TOKEN", CONTAINERFILE)
    command = re.search(r'CMD \["python", "-m", "([\w.]+)", "8000"\]', CONTAINERFILE)
    assert command
    assert importlib.util.find_spec(command[1])
    started = re.findall(r"^CMD \[(.+)\]$", CONTAINERFILE, re.MULTILINE)
    check_command([word.strip('" ') for word in started[-1].split(",")])
    copied = [
        word
        for step in steps
        if step.startswith("COPY") and "--from" not in step
        for word in step.split()[1:-1]
    ]
    assert [name for name in copied if not (ROOT / name).exists()] == []


def test_the_composed_service_is_read_only_and_only_the_proxy_is_reached() -> None:
    services = COMPOSE["services"]
    service = services["service"]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert [name for name, one in services.items() if "ports" in one] == ["proxy"]
    assert COMPOSE["networks"]["inside"]["internal"] is True
    proxy = services["proxy"]["networks"]["inside"]["ipv4_address"]
    assert service["environment"]["LINEOFSIGHT_PROXY"] == proxy
    assert "POSTGRES_PASSWORD" not in services["database"]["environment"]


def test_both_proxies_set_what_the_service_believes() -> None:
    nginx = (PACKAGING / "proxy" / "nginx.conf").read_text("utf-8")
    caddy = (PACKAGING / "proxy" / "Caddyfile").read_text("utf-8")
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in nginx
    assert "proxy_set_header X-Forwarded-Proto $scheme;" in nginx
    assert "proxy_set_header Host $host;" in nginx
    assert "header_up X-Forwarded-For {remote_host}" in caddy
    assert "header_up X-Forwarded-Proto {scheme}" in caddy
