"""Import a module from a file that is on no search path."""

import importlib.util
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from types import ModuleType


def module_from(folder: Path, name: str) -> ModuleType:
    """Import the Python or extension module ``name`` that lies in ``folder``."""
    for suffix in (*EXTENSION_SUFFIXES, ".py"):
        for path in (folder / f"{name}{suffix}", folder / "Release" / f"{name}{suffix}"):
            if path.is_file():
                spec = importlib.util.spec_from_file_location(name, path)
                assert spec and spec.loader, path
                module = importlib.util.module_from_spec(spec)
                sys.modules[name] = module
                spec.loader.exec_module(module)
                return module
    raise ModuleNotFoundError(f"there is no module {name} in {folder}")
