"""`python -m drills.listening`: where every server that a documented command starts listens.

Belongs here: starting the commands as the Makefile names them, and reading the listening sockets
and the command lines of all their processes, on which no secret may stand. Does not belong
here: what the servers answer.

Every process of a command's session is looked at until the command has ended or its time is over,
so sockets that are open for a second only are seen too if they live longer than `POLL_SECONDS`.
"""

from __future__ import annotations

import argparse
import datetime as dt
import ipaddress
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from drills.processes import KPOP, ROOT, free_port, start_apart
from kpop_assets.days import seoul_now
from kpop_assets.landing.sources.demo import DEMO_SEED, write_demo_day

CANARY = "CANARY0secret0value"
DEMO = [*KPOP, "demo", "--days", "3", "--events-per-day", "50"]
POLL_SECONDS = 0.1
# Ports that the Makefile names; here free ones, to disturb nobody.
PORTS = {"dev": "3000", "app": "8501", "tracking": "5000"}
# A server is watched for as long as its first sensors, workers and a run need to come up.
SECONDS = {"dev": 90.0, "app": 12.0, "tracking": 90.0, "sail": 500.0, "spark": 500.0}


def main() -> None:
    """Start one command after the other; exit code 1 where one listens beyond loopback."""
    parser = argparse.ArgumentParser(description=__doc__)
    names = ",".join(name for name in SECONDS if name != "spark" or shutil.which("java"))
    parser.add_argument("--only", default=names, help=f"some of {names}")
    problems = 0
    for name in parser.parse_args().only.split(","):
        with tempfile.TemporaryDirectory(prefix="kpop-listening-") as folder:
            found = watch(name, Path(folder))
        for process, address, port in sorted(found):
            print(f"{name:<10} {process:<24} {address}:{port}", flush=True)
        open_to_all = [entry for entry in found if not is_loopback(entry[1])]
        if not found or open_to_all:
            problems += 1
            print(f"{name}: {open_to_all or 'never listened'}", flush=True)
    print("everything listens on loopback" if not problems else f"{problems} problems")
    sys.exit(1 if problems else 0)


def command_of(name: str, port: int) -> list[str]:
    """The command behind a make target, with the interpreter that runs this and a free port."""
    if name not in PORTS:
        return DEMO
    recipe = subprocess.run(
        ["make", "-n", "-o", "install", name], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()
    line = recipe.splitlines()[-1].replace(".venv/bin/", f"{Path(sys.executable).parent}/")
    return [str(port) if word == PORTS[name] else word for word in shlex.split(line)]


def watch(name: str, home: Path) -> set[tuple[str, str, int]]:
    """Name of process, address and port of every socket that listened while the command ran."""
    environ = {**os.environ, "KPOP_HOME": str(home), "DAGSTER_HOME": str(home / "dagster")}
    environ["KPOP_ENGINE"] = name if name == "spark" else "sail"
    environ["KPOP_NOTIFY_WEBHOOK"] = f"http://127.0.0.1:9/{CANARY}"
    environ["KPOP_YOUTUBE_KEY"] = CANARY
    environ["KPOP_YOUTUBE_ENDPOINT"] = "http://127.0.0.1:9"
    # A day to work on, so that a run is among what is seen.
    write_demo_day(home / "landing", seoul_now().date() - dt.timedelta(days=1), 50, DEMO_SEED)
    command = command_of(name, free_port())
    process = start_apart(command, environ, home / "output.log")
    try:
        found = sockets_until(process, time.monotonic() + SECONDS[name])
        kept = [p for p in home.rglob("*") if p.is_file() and CANARY.encode() in p.read_bytes()]
        if kept:
            sys.exit(f"a secret stands in {kept}")
        return found
    finally:
        end_session(process.pid)
        process.wait()


def sockets_until(process: subprocess.Popen[bytes], end: float) -> set[tuple[str, str, int]]:
    """What the session's processes listened on until its leader ended or the time was over."""
    found: set[tuple[str, str, int]] = set()
    # A SIGTERM becomes an exception, so that what was started is ended on the way out.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended from outside"))
    while process.poll() is None and time.monotonic() < end:
        for member in session(process.pid):
            try:
                if CANARY in " ".join(member.cmdline()):
                    sys.exit(f"a secret stands on the command line of {title(member)}")
                found |= {
                    (title(member), entry.laddr.ip, entry.laddr.port)
                    for entry in member.net_connections(kind="inet")
                    if entry.status == psutil.CONN_LISTEN
                }
            except psutil.Error:
                continue
        time.sleep(POLL_SECONDS)
    return found


def title(process: psutil.Process) -> str:
    """The program a process runs, without its folder and arguments."""
    words = [word for word in process.cmdline() if not word.startswith("-")]
    return " ".join(Path(word).name[:24] for word in words[:2]).replace("\n", " ")[:24]


def session(leader: int) -> list[psutil.Process]:
    """All processes of a session that this program started."""
    found = []
    for process in psutil.process_iter():
        try:
            if os.getsid(process.pid) == leader:
                found.append(process)
        except (ProcessLookupError, PermissionError):
            continue
    return found


def end_session(leader: int) -> None:
    """End them, and those that they started in the meantime."""
    while found := [p for p in session(leader) if p.status() != psutil.STATUS_ZOMBIE]:
        for process in found:
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue
        psutil.wait_procs(found, timeout=5)


def is_loopback(address: str) -> bool:
    """Whether an address is one that other machines cannot reach."""
    parsed = ipaddress.ip_address(address)
    mapped = getattr(parsed, "ipv4_mapped", None)
    return (mapped or parsed).is_loopback


if __name__ == "__main__":
    main()
