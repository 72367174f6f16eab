"""Submissions that crash, hang, flood, flee and lie.

Each becomes an explained failure of its test; the tests around it pass; no process is
left (``grade_folder`` looks).
"""

import os
import socket
import threading
from pathlib import Path

import pytest
from conftest import ROOT, Attack

C_BUILD = """
@build
def compile_c(work):
    work.run(["cc", "-g", "-shared", "-fPIC", "-O0", "-o", "libvictim.so", "victim.c"])
"""

LOAD_C = """
import ctypes
lib = ctypes.CDLL("./libvictim.so")
def attack():
    return lib.attack()
"""

CARGO_TOML = """
[package]
name = "victim"
version = "0.1.0"
edition = "2024"
[lib]
crate-type = ["cdylib"]
[workspace]
"""

# ------------------------------------------------------------------ crashes


def test_segfault(attack: Attack) -> None:
    graded = attack("import ctypes\n\ndef attack():\n    return ctypes.string_at(8)\n")
    assert graded.attacked["kind"] == "error"
    assert "crashed with SIGSEGV" in graded.told()
    assert graded.attacked["where"][0]["file"] == "victim.py"
    assert graded.attacked["where"][0]["line"] == 4


def test_abort(attack: Attack) -> None:
    graded = attack("import os\ndef attack():\n    os.abort()\n")
    assert "crashed with SIGABRT" in graded.told()


def test_stack_overflow(attack: Attack) -> None:
    attack.write(
        "victim.c",
        "int deeper(int n) { volatile char a[4096]; a[0] = n; return deeper(n + 1) + a[0]; }\n"
        "int attack(void) { return deeper(0); }\n",
    )
    graded = attack(LOAD_C, build=C_BUILD)
    assert "crashed with SIGSEGV" in graded.told()


def test_division_by_zero(attack: Attack) -> None:
    attack.write("victim.c", "int zero = 0;\nint attack(void) { return 7 / zero; }\n")
    graded = attack(LOAD_C, build=C_BUILD)
    assert "crashed with SIGFPE" in graded.told()
    assert "divided an integer by zero" in graded.told()


def test_panic_in_rust(attack: Attack) -> None:
    attack.write("Cargo.toml", CARGO_TOML)
    attack.write(
        "src/lib.rs",
        """
        #[unsafe(no_mangle)]
        pub extern "C" fn attack() -> i32 {
            let none: Option<i32> = None;
            none.expect("there is no number")
        }
        """,
    )
    graded = attack(LOAD_C, build="@build\ndef crate(work):\n    work.cargo_build()\n")
    assert "crashed with SIGABRT" in graded.told()
    assert "there is no number" in graded.told()
    assert "src/lib.rs:5" in graded.told()


def test_double_free(attack: Attack) -> None:
    attack.write(
        "victim.c",
        "#include <stdlib.h>\n"
        "int attack(void) { void *p = malloc(2000); free(p); free(p); return 1; }\n",
    )
    graded = attack(LOAD_C, build=C_BUILD)
    assert "crashed with SIGABRT" in graded.told()
    assert "double free" in graded.told()


def test_a_crash_after_the_last_answer(attack: Attack) -> None:
    graded = attack(
        """
        import ctypes, threading, time
        def later():
            ctypes.string_at(8)
        def attack():
            threading.Timer(0.05, later).start()
            return 42
        """,
        body='work.expect(work.call("victim.attack"), 42)\nimport time\ntime.sleep(1)',
    )
    assert "after its last answer" in graded.told()


def test_the_sanitizer_names_the_line_in_c(attack: Attack) -> None:
    attack.write(
        "victim.c",
        """
        #include <stdlib.h>
        int attack(void) {
            int *numbers = malloc(10 * sizeof *numbers);
            for (int i = 0; i < 100000000; i++)
                numbers[i] = i;
            return numbers[3];
        }
        """,
    )
    graded = attack(LOAD_C, build=C_BUILD)
    assert "heap-buffer-overflow" in graded.told()
    assert "WRITE of size 4" in graded.told()
    assert graded.attacked["where"][-1]["file"] == "victim.c"
    assert graded.attacked["where"][-1]["line"] == 6
    assert graded.attacked["where"][-1]["code"] == "numbers[i] = i;"


def test_the_sanitizer_names_the_line_in_a_compiled_module(attack: Attack) -> None:
    attack.write(
        "build_it.py",
        """
        import cffi
        ffi = cffi.FFI()
        ffi.cdef("void fill(double *numbers, int n);")
        ffi.set_source("_victim", "void fill(double *numbers, int n);", sources=["victim.c"])
        ffi.compile()
        """,
    )
    attack.write(
        "victim.c",
        """
        void fill(double *numbers, int n) {
            for (int i = 0; i <= 100000 * n; i++)
                numbers[i] = i;
        }
        """,
    )
    graded = attack(
        """
        from _victim import ffi, lib
        def attack():
            numbers = ffi.new("double[]", 1000)
            lib.fill(numbers, 1000)
        """,
        build='@build\ndef make(work):\n    work.run_script("build_it.py")\n',
    )
    assert "heap-buffer-overflow" in graded.told()
    assert "victim.c:4" in graded.told()


def test_the_sanitizer_names_the_line_in_rust(attack: Attack) -> None:
    attack.write("Cargo.toml", CARGO_TOML)
    attack.write(
        "src/lib.rs",
        """
        #[unsafe(no_mangle)]
        pub extern "C" fn attack() -> i32 {
            let numbers = vec![1_i32; 10];
            let mut sum = 0;
            for i in 0..100_000_000 {
                sum += unsafe { *numbers.as_ptr().add(i) };
            }
            sum
        }
        """,
    )
    graded = attack(LOAD_C, build="@build\ndef crate(work):\n    work.cargo_build()\n")
    assert "heap-buffer-overflow" in graded.told()
    assert "src/lib.rs:7" in graded.told()


# -------------------------------------------------------------------- ends


@pytest.mark.parametrize(
    "end",
    [
        "import os; os._exit(0)",
        "import ctypes; ctypes.CDLL(None).exit(0)",
        "import os; os.execv('/bin/true', ['true'])",
    ],
)
def test_the_end_of_the_process(attack: Attack, end: str) -> None:
    graded = attack(f"def attack():\n    {end}\n")
    assert graded.attacked["kind"] == "error"
    assert "ended the whole process, or closed the grader's channel" in graded.told()


def test_everything_closed(attack: Attack) -> None:
    graded = attack("import os\ndef attack():\n    os.closerange(0, 256)\n")
    assert "before it answered" in graded.told()


def test_exit_with_a_status(attack: Attack) -> None:
    graded = attack("import os\ndef attack():\n    os._exit(3)\n")
    assert "exit status 3" in graded.told()


def test_sys_exit_is_an_exception(attack: Attack) -> None:
    graded = attack("import sys\ndef attack():\n    sys.exit(0)\n")
    assert "raised SystemExit" in graded.told()


def test_exit_while_imported(attack: Attack) -> None:
    graded = attack("import os\nos._exit(0)\n")
    assert "ended the whole process" in graded.told()


def test_closed_stdout_does_no_harm(attack: Attack) -> None:
    graded = attack(
        "import os, sys\ndef attack():\n    sys.stdout.close(); os.close(1); return 41\n"
    )
    assert graded.attacked["got"] == "41"


def test_killed_by_itself(attack: Attack) -> None:
    graded = attack("import os\ndef attack():\n    os.kill(os.getpid(), 9)\n")
    assert "crashed with SIGKILL" in graded.told()


def test_kill_everybody(attack: Attack) -> None:
    graded = attack(
        """
        import os, signal
        def attack():
            for pid in (-1, os.getppid(), 1):
                try:
                    os.kill(pid, signal.SIGKILL)
                except OSError:
                    pass
            return 41
        """
    )
    assert graded.attacked["kind"] in ("fail", "error")


# ------------------------------------------------------------------- hangs


def test_endless_loop(attack: Attack) -> None:
    graded = attack("def attack():\n    while True:\n        pass\n", seconds=1)
    assert "used 1 s of processor time and was stopped" in graded.told()


def test_endless_loop_in_c(attack: Attack) -> None:
    attack.write("victim.c", "int attack(void) { for (volatile int i = 0;; i++) {} }\n")
    graded = attack(LOAD_C, build=C_BUILD, seconds=1)
    assert "used 1 s of processor time" in graded.told()


def test_waits_forever(attack: Attack) -> None:
    graded = attack(
        """
        import signal, threading
        for number in range(1, 32):
            try:
                signal.signal(number, signal.SIG_IGN)
            except (OSError, ValueError):
                pass
        def attack():
            threading.Event().wait()
        """,
        seconds=1,
    )
    assert "gave no answer for" in graded.told()


def test_import_that_hangs(attack: Attack) -> None:
    graded = attack("import time\ntime.sleep(10**6)\n", seconds=1)
    assert "gave no answer for" in graded.told()


def test_loop_at_exit(attack: Attack) -> None:
    graded = attack(
        """
        import atexit, threading, time
        def forever():
            while True:
                time.sleep(1)
        atexit.register(forever)
        threading.Thread(target=forever).start()
        def attack():
            return 41
        """
    )
    assert graded.attacked["got"] == "41"


# ------------------------------------------------------------------- bombs


def test_memory_bomb_in_python(attack: Attack) -> None:
    graded = attack("def attack():\n    return len(bytearray(10**11))\n")
    assert "MemoryError" in graded.told()


def test_memory_bomb_that_is_touched(attack: Attack) -> None:
    graded = attack(
        """
        def attack():
            kept = []
            while True:
                kept.append(bytearray(b"x") * 10_000_000)
        """,
        seconds=20,
    )
    assert "more than 1024 MiB of memory" in graded.told() or "MemoryError" in graded.told()


def test_memory_bomb_of_many_processes(attack: Attack) -> None:
    graded = attack(
        """
        import os, time
        def attack():
            for _ in range(20):
                if os.fork() == 0:
                    kept = bytearray(b"x") * 100_000_000
                    time.sleep(1000)
            time.sleep(1000)
        """,
        seconds=20,
    )
    assert "more than 1024 MiB of memory" in graded.told()


def test_fork_bomb(attack: Attack) -> None:
    graded = attack(
        """
        import os
        def attack():
            while True:
                try:
                    os.fork()
                except OSError:
                    pass
        """
    )
    assert "processes or threads" in graded.told()


def test_fork_bomb_of_a_shell(attack: Attack) -> None:
    # Each shell that it starts stays: without the sleep, all may be gone again before
    # anybody looks, and then only the time of the first one is over.
    graded = attack(
        "import os\ndef attack():\n    os.system('bomb() { bomb | bomb & sleep 1000; }; bomb')\n"
    )
    # The shell may give up, because it cannot fork, before anybody looks.
    assert graded.attacked["got"] == "None" or "processes or threads" in graded.told()


def test_thread_bomb(attack: Attack) -> None:
    graded = attack(
        """
        import threading, time
        def attack():
            while True:
                threading.Thread(target=time.sleep, args=(1000,)).start()
        """
    )
    assert "can't start new thread" in graded.told() or "processes or threads" in graded.told()


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_endless_output(attack: Attack, stream: str) -> None:
    graded = attack(
        f"import sys\ndef attack():\n    while True:\n        sys.{stream}.write('x' * 1000)\n"
    )
    assert "printed more than 256 KiB" in graded.told()


def test_a_megabyte_of_output(attack: Attack) -> None:
    graded = attack("def attack():\n    print('x' * 2**20)\n    return 42\n")
    assert "printed more than 256 KiB" in graded.told()
    assert len(graded.test("attacked")["output"]) <= 8000


def test_a_large_file(attack: Attack) -> None:
    graded = attack(
        """
        def attack():
            with open("large", "wb") as file:
                while True:
                    file.write(bytes(2**20))
        """
    )
    assert "File too large" in graded.told() or "SIGXFSZ" in graded.told()


def test_many_files(attack: Attack) -> None:
    graded = attack(
        """
        import itertools
        def attack():
            for number in itertools.count():
                with open(f"file{number}", "wb") as file:
                    file.write(bytes(2**24))
        """,
        seconds=30,
    )
    assert "more than 256 MiB of files" in graded.told()


def test_full_tmp(attack: Attack) -> None:
    graded = attack(
        """
        import itertools
        def attack():
            for number in itertools.count():
                with open(f"/tmp/file{number}", "wb") as file:
                    file.write(bytes(2**22))
        """
    )
    assert "No space left" in graded.told()


def test_many_open_files(attack: Attack) -> None:
    graded = attack(
        "def attack():\n    kept = []\n    while True:\n        kept.append(open('/dev/null'))\n"
    )
    assert "Too many open files" in graded.told()


def test_limits_cannot_be_raised(attack: Attack) -> None:
    graded = attack(
        """
        import resource
        def attack():
            resource.setrlimit(resource.RLIMIT_NPROC, (100000, 100000))
        """
    )
    assert "raised" in graded.told()


# ------------------------------------------------------------------ flight


def test_daemon(attack: Attack) -> None:
    """Forked twice, in a session of its own, deaf to signals: ``grade_folder`` finds none."""
    graded = attack(
        """
        import os, signal, time
        def attack():
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0:
                    signal.signal(signal.SIGTERM, signal.SIG_IGN)
                    signal.signal(signal.SIGHUP, signal.SIG_IGN)
                    os.closerange(0, 256)
                    time.sleep(10**6)
                os._exit(0)
            time.sleep(0.2)
            return 41
        """
    )
    assert graded.attacked["got"] == "41"


def test_write_outside_the_folder(attack: Attack, tmp_path: Path) -> None:
    target = tmp_path / "outside"
    graded = attack(f"def attack():\n    open({str(target)!r}, 'w').write('x')\n    return 42\n")
    assert not target.exists()
    assert "may write only in that copy and in /tmp" in graded.told()


@pytest.mark.parametrize("name", ["/usr/written", "/written", "/dev/written", "/etc/written"])
def test_write_to_the_system(attack: Attack, name: str) -> None:
    graded = attack(f"def attack():\n    open({name!r}, 'w').write('x')\n    return 42\n")
    assert not Path(name).exists()
    assert "may write only in that copy and in /tmp" in graded.told()


def test_the_learners_own_folder_is_not_touched(attack: Attack) -> None:
    attack(
        """
        import os
        def attack():
            os.remove("fine.py")
            open("new", "w").write("x")
            return 41
        """
    )
    assert sorted(path.name for path in attack.folder.iterdir()) == ["fine.py", "victim.py"]


@pytest.mark.parametrize(
    "secret",
    [
        "solutions/exercise1/fib.py",
        "exercises/hidden/exercise1/tests.py",
        "exercises/wrong/exercise1/python_only/fib.py",
        "exercises/exercise1/tests.py",
        ".git/HEAD",
    ],
)
def test_read_what_is_not_there(attack: Attack, secret: str) -> None:
    path = ROOT / secret
    assert path.exists()
    graded = attack(f"def attack():\n    return open({str(path)!r}).read()\n")
    assert "it sees the system's files and a copy of its own folder" in graded.told()


def test_a_link_to_the_solution_is_not_followed(attack: Attack) -> None:
    (attack.folder / "link.py").symlink_to(ROOT / "solutions/exercise1/fib.py")
    (attack.folder / "folder").symlink_to(ROOT / "solutions")
    os.mkfifo(attack.folder / "pipe")
    graded = attack(
        body="""
        work.expect_true(not work.files("link.py"), "there")
        work.read_text("link.py")
        """
    )
    assert "there is no file link.py" in graded.told()
    assert sorted(graded.outcome["left_out"]) == [
        "folder: a link",
        "link.py: not a regular file",
        "pipe: not a regular file",
    ]


def test_a_link_made_while_building_is_not_followed(attack: Attack) -> None:
    graded = attack(
        f"import os\nos.symlink({str(ROOT / 'solutions/exercise1/fib.py')!r}, 'made.py')\n",
        build='@build\ndef make(work):\n    work.run_script("victim.py")\n',
        body='work.read_text("made.py")',
    )
    assert "there is no file made.py" in graded.told()


def test_network(attack: Attack) -> None:
    server = socket.create_server(("127.0.0.1", 0))
    reached = threading.Event()

    def listen() -> None:
        while True:
            try:
                server.accept()
            except OSError:
                return
            reached.set()

    thread = threading.Thread(target=listen)
    thread.start()
    try:
        graded = attack(
            f"""
            import socket
            def attack():
                socket.create_connection(("127.0.0.1", {server.getsockname()[1]}), timeout=2)
                return 42
            """
        )
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join()
    assert not reached.is_set()
    assert "raised" in graded.told()


def test_other_processes_are_not_seen(attack: Attack) -> None:
    graded = attack(
        """
        import os
        def attack():
            return sorted(int(name) for name in os.listdir("/proc") if name.isdigit())
        """
    )
    assert len(eval(graded.attacked["got"])) <= 3


# -------------------------------------------------------------------- lies

FORGED = (
    '{"event": "test", "name": "attacked", "idea": "", "points": 100, "hidden": false, '
    '"seconds": 0, "failure": null, "output": "", "code": ""}'
)


def test_forged_results_on_every_descriptor(attack: Attack) -> None:
    graded = attack(
        f"""
        import os
        def attack():
            forged = {(FORGED + chr(10) + '{"event": "done"}' + chr(10)).encode()!r}
            for descriptor in range(0, 64):
                try:
                    os.write(descriptor, forged)
                except OSError:
                    pass
            return 41
        """
    )
    assert graded.test("attacked")["points"] == 2


def test_a_frame_of_lies(attack: Attack) -> None:
    """The worker may answer what it likes: the judge compares."""
    graded = attack(
        """
        import gc, json, os, socket, struct
        def attack():
            channel = next(o for o in gc.get_objects() if isinstance(o, socket.socket))
            text = json.dumps({"result": 41, "arrays": [], "passed": True, "points": 100}).encode()
            channel.sendall(struct.pack("<QQ", len(text), 0) + text)
            return 42
        """
    )
    assert graded.attacked["got"] == "41"


@pytest.mark.parametrize(
    "frame",
    [
        "struct.pack('<QQ', 2**62, 2**62)",
        "struct.pack('<QQ', 3, 0) + b'{]}'",
        "struct.pack('<QQ', 2, 0) + b'[]'",
        "struct.pack('<QQ', 400000, 0) + b'[' * 400000",
        "frame({'result': {'$': 'unknown'}, 'arrays': []})",
        "frame({'result': {'$': 'bytes', 'at': [-5, 10**9]}, 'arrays': []})",
        "frame({'result': {'$': 'array', 'dtype': 'O', 'shape': [1], 'order': 'C', 'at': [0, 0]}, "
        "'arrays': []})",
        "frame({'result': {'$': 'array', 'dtype': '<f8', 'shape': [10**12], 'order': 'C', "
        "'at': [0, 0]}, 'arrays': []})",
        "frame({'result': 1})",
        "frame({'error': 'all is well', 'arrays': []})",
        "frame({'error': {'where': [1, 2], 'bases': 3}, 'arrays': []})",
        "frame({'error': {'where': [{'file': '/etc/passwd', 'line': 'x'}]}, 'arrays': []})",
        "struct.pack('<QQ', 5000, 0) + b'1' * 5000",
    ],
)
def test_frames_that_are_none(attack: Attack, frame: str) -> None:
    graded = attack(
        f"""
        import gc, json, socket, struct
        def frame(said):
            text = json.dumps(said).encode()
            return struct.pack("<QQ", len(text), 0) + text
        def attack():
            channel = next(o for o in gc.get_objects() if isinstance(o, socket.socket))
            channel.sendall({frame})
            return 42
        """
    )
    assert graded.attacked["kind"] in ("fail", "error")


def test_an_answer_in_drops(attack: Attack) -> None:
    graded = attack(
        """
        import gc, socket, time
        def attack():
            channel = next(o for o in gc.get_objects() if isinstance(o, socket.socket))
            while True:
                channel.sendall(b"\\0")
                time.sleep(0.5)
        """,
        seconds=1,
    )
    assert graded.attacked["kind"] == "error"


def test_an_answer_too_large(attack: Attack) -> None:
    graded = attack("def attack():\n    return 'x' * 300_000_000\n")
    assert graded.attacked["kind"] in ("fail", "error")


def test_an_object_that_equals_everything(attack: Attack) -> None:
    graded = attack(
        """
        class Yes(int):
            def __eq__(self, other):
                return True
            def __repr__(self):
                return "42"
        def attack():
            return Yes(41)
        """
    )
    assert graded.attacked["kind"] == "fail"


def test_a_worker_that_is_taken_over(attack: Attack) -> None:
    graded = attack(
        """
        import sys
        wire = sys.modules["wire"]
        def send(*_):
            raise SystemExit
        wire.send = send
        def attack():
            return 42
        """
    )
    assert graded.attacked["kind"] == "error"


def test_modules_that_hide_others(attack: Attack) -> None:
    """Files named like modules of ours change nothing outside their worker."""
    for name in ("json", "socket", "judge", "wire", "worker", "sitecustomize", "usercustomize"):
        attack.write(f"{name}.py", "raise SystemExit('hidden')\n")
    graded = attack("def attack():\n    return 41\n")
    assert graded.attacked["got"] == "41"


def test_hostile_build(attack: Attack) -> None:
    graded = attack(
        f"""
        import os
        for descriptor in range(64):
            try:
                os.write(descriptor, {(FORGED + chr(10)).encode()!r})
            except OSError:
                pass
        if os.fork() == 0:
            os.setsid()
            os.execv("/bin/sleep", ["sleep", "100000"])
        os.kill(os.getpid(), 11)
        """,
        build='@build\ndef make(work):\n    work.run_script("victim.py")\n',
    )
    assert graded.attacked["blocked_by"] == "make"
    assert "crashed with SIGSEGV" in graded.outcome["builds"][0]["failure"]["message"]


def test_a_judge_that_stops_costs_one_test(attack: Attack) -> None:
    graded = attack("", body="import os\nos._exit(5)")
    assert "the judge stopped while it ran this test" in graded.told()
    assert graded.test("attacked")["points"] == 2


def test_a_build_that_leaves_what_cannot_be_copied(attack: Attack) -> None:
    graded = attack(
        "import os\nos.mkfifo('pipe')\nos.mkdir('deep')\n"
        "os.chdir('deep')\nfor _ in range(40):\n"
        "    os.mkdir('x' * 200)\n    os.chdir('x' * 200)\n",
        build='@build\ndef make(work):\n    work.run_script("victim.py")\n',
        bystanders=False,
    )
    assert "what the build left cannot be copied" in graded.told()


def test_nothing_is_left_in_the_temporary_folder(
    attack: Attack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    attack("", body="import os\nos._exit(5)")
    assert list(scratch.iterdir()) == []


def test_a_test_with_a_mistake_harms_itself_alone(attack: Attack) -> None:
    graded = attack("", body="1 / 0")
    assert "the test itself failed with ZeroDivisionError" in graded.told()
