"""A crash once more, under AddressSanitizer, which can name the line.

The learner's code is built again with it, in a folder of its own, and the test that
crashed runs again on that. Python is the ordinary one: the sanitizer's library is
loaded before everything else, and Python's memory comes from it.
"""

import functools
import re
import subprocess
from pathlib import Path
from typing import Any

#: Where the sanitizer writes its report, in the learner's folder.
REPORT = "sanitizer"

#: Compilers that understand -fsanitize=address.
COMPILERS = ("cc", "gcc", "clang", "c++", "g++", "clang++")

FLAGS = ["-fsanitize=address", "-fno-omit-frame-pointer", "-g", "-O1"]


@functools.cache
def library() -> str | None:
    """Return the path of libasan, or None where the compiler has none."""
    try:
        found = subprocess.run(
            ["cc", "-print-file-name=libasan.so"], capture_output=True, text=True, check=False
        ).stdout.strip()
    except OSError:
        return None
    return str(Path(found).resolve()) if "/" in found else None


def build_environment() -> dict[str, str]:
    """Return what makes setuptools, cc and cargo compile with it."""
    flags = " ".join(FLAGS)
    wrapper = Path(__file__).parent / "inside/sanitized_rustc.sh"
    return {
        "CFLAGS": flags,
        "LDFLAGS": "-fsanitize=address",
        "RUSTC_WORKSPACE_WRAPPER": str(wrapper),
    }


def run_environment(inside: Path) -> dict[str, str]:
    """Return what makes Python run with it."""
    # 2: handle the signal, whatever handlers others install.
    signals = ":".join(f"handle_{name}=2" for name in ("segv", "sigbus", "sigfpe", "abort"))
    return {
        "LD_PRELOAD": library() or "",
        "ASAN_OPTIONS": f"detect_leaks=0:exitcode=99:log_path={inside / REPORT}:{signals}",
        "PYTHONMALLOC": "malloc",
    }


def read_report(folder: Path, text: str, inside: Path) -> dict[str, Any] | None:
    """Take from a report what was wrong, and the first line of the learner's in it."""
    found = re.search(r"ERROR: AddressSanitizer:? (.+)", text)
    if not found:
        return None
    problem = re.split(r" on | \(|$", found[1])[0].strip()
    about = [problem]
    for pattern in (r"^((?:READ|WRITE) of size \d+)", r"(is located .+? region)"):
        if line := re.search(pattern, text, re.M):
            about.append(re.sub(r"0x[0-9a-f]+ ", "", line[1]))
    where = None
    for function, path, line in re.findall(r"#\d+ 0x\w+ in (\S+) (\S+?):(\d+)", text):
        name = path.removeprefix(str(inside) + "/")
        file = folder / name
        if not name.startswith("/") and file.is_file() and not file.is_symlink():
            lines = file.read_text("utf-8", "replace").splitlines()
            number = int(line)
            code = lines[number - 1].strip() if 0 < number <= len(lines) else ""
            where = {"file": name, "line": number, "code": code}
            about.append(f"in {function}, {name}:{number}")
            break
    return {"problem": problem, "about": ", ".join(about), "where": where}
