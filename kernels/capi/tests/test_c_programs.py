"""The C programs in c/ build as C and as C++, run, and use all of kernels.h.

They run twice: with the release library, and with a library and a program that
AddressSanitizer watches. The programs in c_broken/ are wrong on purpose: they
prove that it does watch.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

import pytest

Result = subprocess.CompletedProcess[str]

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
INCLUDE = HERE.parent / "include"
PROGRAMS = sorted((HERE / "c").glob("*.c"))

SUFFIX = "dylib" if sys.platform == "darwin" else "so"
LIBRARY = f"libkernels.{SUFFIX}"

C = [*shlex.split(os.environ.get("CC", "cc")), "-x", "c"]
CXX = [*shlex.split(os.environ.get("CXX", "c++")), "-x", "c++"]
LANGUAGES = {"c11": [*C, "-std=c11"], "c++17": [*CXX, "-std=c++17"]}
SANITIZED = [*LANGUAGES["c11"], "-fsanitize=address"]

WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wconversion", "-Werror"]
# heat.c compares bits: its loop must round after each multiplication.
ROUNDING = ["-ffp-contract=off"]


def run(
    command: Sequence[str | Path], environment: dict[str, str] | None = None, seconds: float = 60
) -> Result:
    try:
        return subprocess.run(
            command,
            check=False,
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            timeout=seconds,
        )
    except subprocess.TimeoutExpired as hung:
        output = (hung.output or b"").decode(errors="replace")
        pytest.fail(f"{command[0]} did not end in {seconds} s; it wrote:\n{output}")


def build(source: Path, compiler: list[str], library_dir: Path, folder: Path) -> Path:
    """Compiles `source`, with every warning an error, into `folder`."""
    program = folder / source.stem
    link = [f"-L{library_dir}", f"-Wl,-rpath,{library_dir}", "-lkernels", "-lm", "-pthread"]
    flags = ["-O1", "-g", *ROUNDING, *WARNINGS, f"-I{INCLUDE}"]
    result = run([*compiler, *flags, source, "-o", program, *link])
    assert result.returncode == 0, f"{source.name} does not build:\n{result.stdout}"
    return program


def execute(program: Path, environment: dict[str, str] | None = None) -> Result:
    # Panics on purpose are part of the tests: one line each is enough.
    return run([program], {"RUST_BACKTRACE": "0", **(environment or {})})


# --- The release library ----------------------------------------------------


@pytest.fixture(scope="session")
def library_dir() -> Path:
    folder = Path(os.environ.get("KERNELS_LIBRARY_DIR", ROOT / "target" / "release")).resolve()
    if not (folder / LIBRARY).is_file():
        pytest.fail(f"{folder / LIBRARY} is missing: run `make build`")
    return folder


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("source", PROGRAMS, ids=lambda source: source.stem)
def test_program(source: Path, language: str, library_dir: Path, tmp_path: Path) -> None:
    result = execute(build(source, LANGUAGES[language], library_dir, tmp_path))
    assert result.returncode == 0, f"{source.name} as {language}:\n{result.stdout}"


@pytest.mark.parametrize("standard", ["c99", "c11", "c17", "c++11", "c++17", "c++20"])
def test_header_needs_nothing_before_it(standard: str, tmp_path: Path) -> None:
    # Twice, because the include guard is part of the header.
    source = tmp_path / "alone.c"
    source.write_text('#include "kernels.h"\n#include "kernels.h"\n', encoding="utf-8")
    compiler = CXX if "++" in standard else C
    flags = [f"-std={standard}", "-c", *WARNINGS, f"-I{INCLUDE}"]
    result = run([*compiler, *flags, source, "-o", tmp_path / "alone.o"])
    assert result.returncode == 0, result.stdout


# --- Every name of the header is used ---------------------------------------


def names_in_header(text: str) -> dict[str, list[str]]:
    """All that kernels.cdef.h declares, by kind."""
    patterns = {
        "constant": r"^#define (KERNELS_\w+) .*$",
        "struct": r"typedef struct \{[^}]*\} (\w+);",
        "opaque struct": r"typedef struct (\w+) \1;",
        "function type": r"typedef [^;{]*\(\*(\w+)\)\([^;]*\);",
        "function": r"\w[\w *]*?(\w+)\([^;]*\);",
    }
    names = {}
    for kind, pattern in patterns.items():
        names[kind] = re.findall(pattern, text, flags=re.MULTILINE)
        text = re.sub(pattern, "", text, flags=re.MULTILINE)
    # A declaration that none of the patterns knows must not slip through.
    assert not text.split(), f"this test cannot read:\n{text.strip()}"
    return names


def code_only(text: str) -> str:
    """C without comments and strings: a name in those is not a use."""
    return re.sub(r'"(?:\\.|[^"\\])*"|/\*.*?\*/|//[^\n]*', " ", text, flags=re.DOTALL)


def test_every_name_of_the_header_is_used() -> None:
    header = (INCLUDE / "kernels.cdef.h").read_text(encoding="utf-8")
    code = "\n".join(code_only(path.read_text(encoding="utf-8")) for path in PROGRAMS)
    names = names_in_header(header)
    assert all(names.values()), f"a kind without a name: {names}"
    unused = []
    for kind, of_this_kind in names.items():
        end = r"\(" if kind == "function" else r"\b"  # a function must be called
        unused += [f"{kind} {n}" for n in of_this_kind if not re.search(rf"\b{n}{end}", code)]
    assert not unused, f"no program in {HERE / 'c'} uses: {', '.join(unused)}"


# --- AddressSanitizer and LeakSanitizer -------------------------------------


def unavailable(reason: str) -> NoReturn:
    """Skips at home. In CI a missing tool is a failure, or nobody would notice."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def run_with_asan(program: Path, leaks: bool) -> Result:
    options = [
        f"detect_leaks={int(leaks)}",  # at the end of the program
        # buffers.c asks for more memory than there is: null must come, as from malloc.
        "allocator_may_return_null=1",
        # Slow, but it finds the callers behind code without frame pointers.
        "fast_unwind_on_malloc=0",
    ]
    return execute(program, {"ASAN_OPTIONS": ":".join(options)})


@pytest.fixture(scope="session")
def empty_program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A program that does nothing, if it can be built and run with AddressSanitizer."""
    if sys.platform != "linux":
        pytest.skip("the sanitizer tests are for Linux")
    program = tmp_path_factory.mktemp("sanitizer") / "empty"
    source = program.with_suffix(".c")
    source.write_text("int main(void) { return 0; }\n", encoding="utf-8")
    built = run([*SANITIZED, source, "-o", program])
    if built.returncode != 0:
        unavailable(f"the C compiler has no AddressSanitizer:\n{built.stdout}")
    result = run_with_asan(program, leaks=False)
    if result.returncode != 0:
        unavailable(f"AddressSanitizer does not work here:\n{result.stdout}")
    return program


@pytest.fixture(scope="session")
def why_no_leaks(empty_program: Path) -> str:
    """Empty where leaks are seen. LeakSanitizer needs ptrace: a container may forbid it."""
    result = run_with_asan(empty_program, leaks=True)
    return result.stdout if result.returncode != 0 else ""


@pytest.fixture(scope="session")
def sanitized_library_dir() -> Path:
    """The library, built so that every access to memory is checked.

    The option is not stable yet, so the compiler is told to allow it. The
    library brings no sanitizer of its own: it uses that of the C program. With
    `--target` the option is for the library alone, and not for build scripts.
    Cargo does nothing where the library is fresh.
    """
    if shutil.which("cargo") is None:
        unavailable("there is no cargo to build the library with")
    [triple] = re.findall(r"^host: (\S+)$", run(["rustc", "-vV"]).stdout, flags=re.MULTILINE)
    target_dir = ROOT / "target" / "asan"
    library_dir: Path = target_dir / triple / "debug"
    options = ["--package", "kernels-capi", "--target", triple, "--target-dir", target_dir]
    result = run(
        ["cargo", "build", *options],
        {"RUSTC_BOOTSTRAP": "1", "CARGO_ENCODED_RUSTFLAGS": "-Zsanitizer=address"},
        seconds=600,
    )
    assert result.returncode == 0, result.stdout
    return library_dir


@pytest.fixture
def run_sanitized(
    why_no_leaks: str, sanitized_library_dir: Path, tmp_path: Path
) -> Callable[[Path], Result]:
    """Builds a program with the sanitizer, links it to the library with it, and runs it."""

    def run_one(source: Path) -> Result:
        program = build(source, SANITIZED, sanitized_library_dir, tmp_path)
        return run_with_asan(program, leaks=not why_no_leaks)

    return run_one


@pytest.mark.parametrize("source", PROGRAMS, ids=lambda source: source.stem)
def test_program_under_sanitizer(source: Path, run_sanitized: Callable[[Path], Result]) -> None:
    result = run_sanitized(source)
    assert result.returncode == 0, f"{source.name}:\n{result.stdout}"


def test_sanitizer_sees_into_the_kernel(run_sanitized: Callable[[Path], Result]) -> None:
    result = run_sanitized(HERE / "c_broken" / "asan_proof.c")
    assert result.returncode != 0, "the array is too short, and nobody saw it"
    report, _, _ = result.stdout.partition("allocated by")
    assert "AddressSanitizer: heap-buffer-overflow" in report, result.stdout
    # From the line of the kernel to the line of the caller.
    for place in [r"kernels/add/src/lib\.rs:\d+", r"in kernels_add ", r"asan_proof\.c:\d+"]:
        assert re.search(place, report), f"no {place} in:\n{result.stdout}"


def test_sanitizer_sees_a_forgotten_string(
    why_no_leaks: str, run_sanitized: Callable[[Path], Result]
) -> None:
    if why_no_leaks:
        unavailable(f"LeakSanitizer does not work here:\n{why_no_leaks}")
    result = run_sanitized(HERE / "c_broken" / "lsan_proof.c")
    assert result.returncode != 0, "the strings were forgotten, and nobody saw it"
    assert "LeakSanitizer: detected memory leaks" in result.stdout, result.stdout
    for place in [r"in kernels_greet ", r"lsan_proof\.c:\d+"]:
        assert re.search(place, result.stdout), f"no {place} in:\n{result.stdout}"
