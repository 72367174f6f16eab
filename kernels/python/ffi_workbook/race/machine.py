"""Where it was measured."""

import importlib.metadata
import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any


def machine() -> dict[str, Any]:
    """Return what a reader needs to know of this machine."""
    return {
        "cpu": _cpu(),
        "cores": _cores(),
        "memory_bytes": _memory(),
        "l1d_bytes": _cache_bytes("1", "l1dcachesize"),
        "l2_bytes": _cache_bytes("2", "l2cachesize"),
        "l3_bytes": _cache_bytes("3", "l3cachesize"),
        "os": f"{platform.system()} {platform.release()}",
    }


def warnings() -> list[str]:
    """Return what makes timings on this machine unsteady right now.

    To be asked before the race: while it runs, the race itself is the load.
    """
    found = []
    if hasattr(os, "getloadavg"):
        load = os.getloadavg()[0]
        if load > 0.5 * _cores():
            found.append(f"other work is running: load {load:.1f} on {_cores()} cores")
    governor = _read("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")
    if governor and governor != "performance":
        found.append(f"the processor changes its speed: governor {governor}")
    if sys.gettrace() or sys.getprofile():
        found.append("a debugger or profiler is active")
    return found


def versions() -> dict[str, str]:
    """Return the versions of what took part."""
    found = {"python": f"{platform.python_implementation()} {platform.python_version()}"}
    for package in ("ffi-workbook", "numpy", "cffi", "cython", "numba", "nanobind", "setuptools"):
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    for tool in (os.environ.get("CC", "cc"), "rustc"):
        if text := _output(tool, "--version"):
            found[tool] = text.splitlines()[0]
    return found


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _cpu() -> str:
    for line in _read("/proc/cpuinfo").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return _sysctl("machdep.cpu.brand_string") or platform.processor() or platform.machine()


def _memory() -> int | None:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None


def free_memory() -> int | None:
    """Return the bytes that a program can have now, or None where Linux does not say."""
    for line in _read("/proc/meminfo").splitlines():
        name, _, value = line.partition(":")
        if name == "MemAvailable":
            return int(value.split()[0]) * 1024
    return None


def _cache_bytes(level: str, sysctl_name: str) -> int | None:
    """Return the size of the data cache of one level, as one core sees it."""
    for folder in sorted(Path("/sys/devices/system/cpu/cpu0/cache").glob("index*")):
        kind = _read(folder / "type")
        if _read(folder / "level") == level and kind in ("Data", "Unified"):
            size = _read(folder / "size")
            units = {"K": 1024, "M": 1024**2}
            return int(size[:-1]) * units[size[-1]] if size[-1:] in units else int(size)
    text = _sysctl(f"hw.{sysctl_name}")
    return int(text) if text.isdigit() else None


def _sysctl(name: str) -> str:
    return _output("sysctl", "-n", name) if sys.platform == "darwin" else ""


def _read(path: str | Path) -> str:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def _output(*command: str) -> str:
    try:
        result = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return result.stdout.strip()
