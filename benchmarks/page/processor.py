"""CPU time of the browser and of a server, from the operating system."""

from __future__ import annotations

import psutil


def family(pid: int) -> list[psutil.Process]:
    """A process and all below it."""
    top = psutil.Process(pid)
    return [top, *top.children(recursive=True)]


def seconds(processes: list[psutil.Process]) -> float:
    """CPU time that they have taken, s; one that has ended counts nothing."""
    total = 0.0
    for process in processes:
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
    return total


def browser_seconds() -> float:
    """CPU time of every Chromium process that this process started, s."""
    below = psutil.Process().children(recursive=True)
    return seconds([one for one in below if "chrom" in _name(one)])


def server_seconds(pid: int) -> float:
    """CPU time of a server's processes, s."""
    return seconds(family(pid))


def _name(process: psutil.Process) -> str:
    try:
        return str(process.name())
    except psutil.NoSuchProcess:
        return ""
