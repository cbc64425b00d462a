"""Ending vLLM's processes: all that were started from one, wherever they hang."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any, Final

_TIDIES: Final = "resource_tracker"
"""In the command line of the processes in which Python removes the shared memory of those that died. They end
by themselves when the others have; killed with them, they would leave hundreds of MiB in /dev/shm."""


def end_group(group: int) -> None:
    """Kill the processes of a process group, except this one."""
    import psutil

    # One that was being started while the others were killed is found the next time.
    while members := list(_members(group)):
        for process in members:
            process.kill()
        psutil.wait_procs(members, timeout=1)


def _members(group: int) -> Iterator[Any]:
    import psutil

    for process in psutil.process_iter():
        try:
            if process.pid == os.getpid() or os.getpgid(process.pid) != group:
                continue
            if process.status() != psutil.STATUS_ZOMBIE and _TIDIES not in " ".join(process.cmdline()):
                yield process
        except (psutil.NoSuchProcess, ProcessLookupError, PermissionError):
            continue
