"""Runs in the sandbox, one process a test, together with the learner's code.

It does what the judge asks: import, call, evaluate. It decides nothing: whatever it
answers is an answer of the learner's code. Standard library only, and NumPy only
when an array arrives.
"""

import contextlib
import faulthandler
import importlib
import os
import socket
import sys
import traceback
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
import wire

_objects: dict[int, Any] = {}
_scope: dict[str, Any] = {"__name__": "grader_snippet"}


def _keep(value: Any) -> dict[str, Any]:
    _objects[len(_objects)] = value
    kind = type(value)
    try:
        text = repr(value)[:200]
    except Exception:
        text = f"<{kind.__name__}>"
    return {
        "$": "handle",
        "id": len(_objects) - 1,
        "type": f"{kind.__module__}.{kind.__qualname__}",
        "repr": text,
    }


def _resolve(target: Any) -> Any:
    """Return the object of a name like ``module.Class.method``, or of a handle."""
    if not isinstance(target, str):
        return target
    parts = target.split(".")
    if parts[0] in _scope:
        value, rest = _scope[parts[0]], parts[1:]
    else:
        value, rest = importlib.import_module(parts[0]), parts[1:]
    for index, name in enumerate(rest):
        try:
            value = getattr(value, name)
        except AttributeError:
            # A submodule is an attribute only once it is imported.
            package = ".".join(parts[: len(parts) - len(rest) + index + 1])
            if not hasattr(value, "__path__"):
                raise
            value = importlib.import_module(package)
    return value


def _arrays(values: list[Any]) -> list[Any]:
    if "numpy" not in sys.modules:
        return []
    import numpy as np

    return [value for value in values if isinstance(value, np.ndarray)]


def _answer(request: dict[str, Any], blob: bytes) -> tuple[dict[str, Any], bytearray]:
    decoder = wire.Decoder(blob, lambda handle: _objects[handle["id"]])
    encoder = wire.Encoder(_keep)
    passed: list[Any] = []
    op = request["op"]
    try:
        if op == "call":
            args = [decoder.decode(item) for item in request["args"]]
            kwargs = {key: decoder.decode(item) for key, item in request["kwargs"].items()}
            passed = _arrays([*args, *kwargs.values()])
            target = _resolve(decoder.decode(request["target"]))
            for name in request["path"]:
                target = getattr(target, name)
            result = target(*args, **kwargs)
        elif op == "get":
            result = _resolve(decoder.decode(request["target"]))
            for name in request["path"]:
                result = getattr(result, name)
        elif op == "eval":
            names = {key: decoder.decode(item) for key, item in request["names"].items()}
            _scope.update(names)
            passed = _arrays(list(names.values()))
            result = eval(request["source"], _scope)
        elif op == "exec":
            names = {key: decoder.decode(item) for key, item in request["names"].items()}
            _scope.update(names)
            passed = _arrays(list(names.values()))
            exec(request["source"], _scope)
            result = None
        else:
            raise ValueError(op)
        answer = {"result": encoder.encode(result)}
    except BaseException as error:
        answer = {"error": _described(error)}
    answer["arrays"] = [encoder.encode(array) for array in passed]
    return answer, encoder.blob


def _described(error: BaseException) -> dict[str, Any]:
    here = os.getcwd()
    frames = traceback.extract_tb(error.__traceback__)
    where = [
        {"file": os.path.relpath(frame.filename, here), "line": frame.lineno, "code": frame.line}
        for frame in frames
        if frame.filename.startswith(here + os.sep)
    ]
    if isinstance(error, SyntaxError) and error.filename:
        where.append(
            {
                "file": os.path.relpath(error.filename, here),
                "line": error.lineno or 0,
                "code": (error.text or "").strip(),
            }
        )
    try:
        message = str(error)
    except Exception:
        message = ""
    notes = [str(note) for note in getattr(error, "__notes__", [])]
    return {
        "type": type(error).__name__,
        "bases": [kind.__name__ for kind in type(error).__mro__],
        "message": message[:4000],
        "notes": "\n".join(notes)[:8000],
        "where": where[-5:],
    }


def main() -> None:
    """Answer requests until the judge hangs up."""
    channel = socket.socket(fileno=int(sys.argv[1]))
    channel.set_inheritable(False)
    sys.argv = [""]
    sys.path[0] = os.getcwd()
    # A fatal signal writes the Python line to stderr, whatever becomes of sys.stderr.
    faulthandler.enable(file=os.fdopen(os.dup(2), "w"), all_threads=False)
    while True:
        try:
            request, blob = wire.receive(channel)
        except wire.WireError:
            break
        answer, data = _answer(request, blob)
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(Exception):
                stream.flush()
        try:
            wire.send(channel, answer, data)
        except (TypeError, ValueError, RecursionError) as error:
            wire.send(channel, {"error": _described(error), "arrays": []})
    # Only what the tests asked for counts: threads and exit handlers do not.
    os._exit(0)


if __name__ == "__main__":
    main()
