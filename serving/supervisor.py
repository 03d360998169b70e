"""The process that starts the workers and starts others for those that end; and its own end.

Belongs here: what of uvicorn's supervisor has to be otherwise. Does not belong here: what a worker
does with its connections (entrance/http_protocol.py).

uvicorn 0.54 lets workers close the socket on which all of them listen, and itself keeps it until
they have ended: whoever connects meanwhile is let in by the system and answered by nobody.
"""

from __future__ import annotations

import ctypes
import select
import struct
import sys
import time
from contextlib import suppress
from socket import SOL_SOCKET, socket

from uvicorn.supervisors import Multiprocess

# How long workers may take to let those in who wait when the server is to end; a busy machine needs
# a second or two.
TAKE_SECONDS = 5.0
_LOOK_SECONDS = 0.005
# What a worker needs from taking a connection to knowing it.
_KNOWN_SECONDS = 0.05
# Of <asm-generic/socket.h> and <linux/filter.h>; Python has no names for them.
_SO_ATTACH_FILTER = 26
_BPF_RETURN = 0x06


class Supervisor(Multiprocess):
    """Starts workers, and ends them so that who was let in is answered."""

    def terminate_all(self) -> None:
        """Let nobody in, have those taken who were let in, and ask the workers to end."""
        for listener in self.sockets:
            let_nobody_in(listener)
        until = time.monotonic() + TAKE_SECONDS
        while select.select(self.sockets, [], [], 0)[0] and time.monotonic() < until:
            time.sleep(_LOOK_SECONDS)
        time.sleep(_KNOWN_SECONDS)
        for listener in self.sockets:
            # Once workers have closed theirs who still comes is refused, and knows it at once.
            listener.close()
        super().terminate_all()


def let_nobody_in(listener: socket) -> None:
    """From now on the system overhears who wants to connect; who is connected stays so.

    They ask again a second later, and are refused by then or let in by whatever has started in
    its place. A system that cannot do so refuses those who come at the very end.
    """
    if sys.platform != "linux":
        return
    # A program for each packet that is to reach the socket: none of its bytes passes.
    instruction = ctypes.create_string_buffer(struct.pack("HBBI", _BPF_RETURN, 0, 0, 0))
    program = struct.pack("HP", 1, ctypes.addressof(instruction))
    with suppress(OSError):
        listener.setsockopt(SOL_SOCKET, _SO_ATTACH_FILTER, program)
