"""Makes libfibo.so of fibo.rs: python build_library.py."""

import subprocess

# TODO 1: the command as a list of words: the compiler, that the crate's type is a
# library for C (a "cdylib"), the source, and the name of what is made.
COMMAND: list[str] = []

if __name__ == "__main__":
    if not COMMAND:
        raise NotImplementedError("TODO 1: give the command that makes libfibo.so")
    subprocess.run(COMMAND, check=True)
