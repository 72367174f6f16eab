"""How modes compile: setuptools for extension modules, quietly."""

import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..library import INCLUDE


def link_to_kernels() -> dict[str, Any]:
    """Return the arguments that compile against our header and link to our library."""
    arguments: dict[str, Any] = {
        "include_dirs": [str(INCLUDE)],
        "library_dirs": [str(INCLUDE)],
        "libraries": ["kernels.dll" if sys.platform == "win32" else "kernels"],
    }
    if sys.platform != "win32":
        # Where the loader finds the library: the very file it was linked to.
        arguments["extra_link_args"] = [f"-Wl,-rpath,{INCLUDE}"]
    return arguments


def build_extension(folder: Path, name: str, sources: list[str], **options: Any) -> None:
    """Compile an extension module into ``folder``. Raises with the compiler's own words."""
    from setuptools import Distribution, Extension

    extension = Extension(name, sources, **options)
    command = Distribution({"ext_modules": [extension]}).get_command_obj("build_ext")
    command.build_lib = str(folder)
    command.build_temp = str(folder / "temp")
    with quietly():
        command.ensure_finalized()
        command.run()
    shutil.rmtree(folder / "temp")


@contextlib.contextmanager
def quietly() -> Iterator[None]:
    """Hold back what a compiler prints, and show it only when it fails.

    Compilers are processes of their own and write to the file descriptors, so
    it is these that are turned away.
    """
    with tempfile.TemporaryFile() as kept, contextlib.ExitStack() as undo:
        for stream, descriptor in ((sys.stdout, 1), (sys.stderr, 2)):
            if stream is None:  # a process may be started without one
                continue
            stream.flush()
            saved = os.dup(descriptor)
            undo.callback(os.close, saved)
            undo.callback(os.dup2, saved, descriptor)
            undo.callback(stream.flush)
            os.dup2(kept.fileno(), descriptor)
        try:
            yield
        except BaseException as error:
            kept.seek(0)
            error.add_note(kept.read().decode(errors="replace"))
            raise
