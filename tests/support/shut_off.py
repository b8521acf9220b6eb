"""Runs a command without any network but loopback, and as nobody where this is root: `python -m tests.support.shut_off COMMAND…`.

Started inside `unshare --net`: it turns loopback on there and gives root up before it becomes the command.
"""

from __future__ import annotations

import fcntl
import os
import socket
import struct
import sys

_SIOCSIFFLAGS = 0x8914
_IFF_UP = 0x1
NOBODY = 65534


def main(command: list[str]) -> None:
    """Become that command."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", _IFF_UP))
    keep = command[0] == "--keep-account"
    if os.geteuid() == 0 and not keep:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    os.execvp(command[keep], command[keep:])


if __name__ == "__main__":
    main(sys.argv[1:])
