"""Hosts of a small network on one machine: network namespaces on a bridge, or all on loopback.

Belongs here: making and removing the hosts. Does not belong here: what runs on them.

Every host has a namespace, an address and a network card of its own, and sees the others only
through the bridge. Where namespaces are not allowed (not root), all hosts are loopback.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

# Reserved for tests between network devices (RFC 2544): no real network has these addresses.
NETWORK = "198.18.77."


@dataclass(frozen=True)
class Host:
    """Where processes may run.

    Attributes:
        name: what it is for.
        address: its own address.
        namespace: its network namespace; empty on loopback.
    """

    name: str
    address: str
    namespace: str = ""

    def command(self, words: Sequence[str], hidden: Path | None = None) -> list[str]:
        """The command that runs `words` here; `hidden` is a folder that it sees empty."""
        if not self.namespace:
            return list(words)
        enter = ["ip", "netns", "exec", self.namespace]
        if hidden is None:
            return [*enter, *words]
        # `ip netns exec` gives a process mounts of its own, so nobody else sees this one.
        script = 'mount -t tmpfs none "$0" && exec "$@"'
        return [*enter, "sh", "-c", script, str(hidden), *words]


@contextmanager
def open_hosts(names: Sequence[str]) -> Iterator[dict[str, Host]]:
    """The hosts by name; every namespace and device is removed at the end, whatever happens."""
    with ExitStack() as stack:
        try:
            yield {host.name: host for host in _namespaces(names, stack)}
            return
        except _NotAllowedError as error:
            print(f"no network namespaces ({error}): all hosts are on loopback", flush=True)
        yield {name: Host(name, "127.0.0.1") for name in names}


class _NotAllowedError(RuntimeError):
    """This user or machine cannot have network namespaces."""


def _namespaces(names: Sequence[str], stack: ExitStack) -> list[Host]:
    if shutil.which("ip") is None:
        raise _NotAllowedError("iproute2 is not installed")
    mark = f"kpop{os.getpid()}"
    bridge = f"{mark}b"
    _ip(stack, f"link add {bridge} type bridge", f"link del {bridge}")
    _ip(stack, f"addr add {NETWORK}254/24 dev {bridge}")
    _ip(stack, f"link set {bridge} up")
    hosts = []
    for number, name in enumerate(names, start=1):
        host = Host(name, f"{NETWORK}{number}", f"{mark}-{name}")
        card = f"{mark}n{number}"
        _ip(stack, f"netns add {host.namespace}", f"netns del {host.namespace}")
        _ip(
            stack,
            f"link add {card} type veth peer name eth0 netns {host.namespace}",
            f"link del {card}",
        )
        _ip(stack, f"link set {card} master {bridge} up")
        _ip(stack, f"-n {host.namespace} addr add {host.address}/24 dev eth0")
        _ip(stack, f"-n {host.namespace} link set eth0 up")
        _ip(stack, f"-n {host.namespace} link set lo up")
        hosts.append(host)
    return hosts


def _ip(stack: ExitStack, words: str, undo: str = "") -> None:
    done = subprocess.run(["ip", *words.split()], capture_output=True, text=True, check=False)
    if done.returncode:
        stack.close()
        raise _NotAllowedError(done.stderr.strip() or f"ip {words} failed")
    if undo:
        stack.callback(subprocess.run, ["ip", *undo.split()], check=False)
