"""Becomes another program that dies with the process that started it. Run as a script, alone: it imports nothing of Storyreel.

    python -I -S launch.py PARENT DEATH_SIGNAL UID GID -- PROGRAM ARGUMENT...

UID 0 keeps the user. Any other user is meant for PostgreSQL, which refuses to run as root: the program gets that user's rights and
no more, except that it may pass through folders of root (CAP_DAC_OVERRIDE, where the machine grants it), because the data and the
program itself often lie below /root.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time

PR_SET_PDEATHSIG, PR_SET_KEEPCAPS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 1, 8, 47, 2
CAP_DAC_OVERRIDE = 1
CAP_VERSION_3 = 0x20080522
WATCH_S = 0.5


def main() -> None:
    """Drop rights, tie this process to its parent, and become the program."""
    parent, death, uid, gid = (int(word) for word in sys.argv[1:5])
    linux = sys.platform == "linux"
    if uid:
        become(uid, gid, keep_passage=linux)
    if linux:
        libc().prctl(PR_SET_PDEATHSIG, death, 0, 0, 0)
    else:
        watch(parent, death)
    if os.getppid() != parent:  # It died before we could ask to be told.
        os._exit(1)
    os.execv(sys.argv[6], sys.argv[6:])  # noqa: S606 (the whole point)


def become(uid: int, gid: int, *, keep_passage: bool) -> None:
    """Turn from root into another user for good."""
    if keep_passage:
        libc().prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    if keep_passage:
        keep_one_capability(CAP_DAC_OVERRIDE)


def keep_one_capability(capability: int) -> None:
    """Keep one capability, over exec as well, and lose all others; where it is not to be had, nothing is kept."""
    header = (ctypes.c_uint32 * 2)(CAP_VERSION_3, 0)
    bit = 1 << capability
    data = (ctypes.c_uint32 * 6)(bit, bit, bit, 0, 0, 0)  # effective, permitted, inheritable; then the high halves
    libc().capset(header, data)
    libc().prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0)


def watch(parent: int, death: int) -> None:
    """Where the kernel cannot tell us: leave a process behind that looks whether the parent is alive, and ends us if not."""
    program = os.getpid()
    if os.fork():
        os.wait()
        return
    if os.fork():
        os._exit(0)
    os.setpgid(0, 0)
    while alive(program):
        time.sleep(WATCH_S)
        if not alive(parent):
            os.kill(program, death)
            os._exit(0)
    os._exit(0)


def alive(pid: int) -> bool:
    """Whether a process of that id exists."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def libc() -> ctypes.CDLL:
    """The C library of this process."""
    return ctypes.CDLL(None, use_errno=True)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    main()
