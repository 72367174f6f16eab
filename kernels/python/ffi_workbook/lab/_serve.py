"""The worker process: imports a module and answers calls until its parent is gone.

python -m ffi_workbook.lab._serve FILE_DESCRIPTOR MODULE FOLDER
"""

import contextlib
import importlib
import pickle
import sys
from multiprocessing.connection import Connection
from typing import Any

from .worker import WorkerError


def answer(question: tuple[Any, ...], names: dict[str, Any], module: Any) -> object:
    match question:
        case ("call", function, args, kwargs):
            return getattr(module, function)(*args, **kwargs)
        case ("run", code):
            try:
                compiled = compile(code, "<worker>", "eval")
            except SyntaxError:
                exec(compile(code, "<worker>", "exec"), names)
                return None
            return eval(compiled, names)
    raise AssertionError(question)


def raised(error: BaseException) -> bytes:
    """Pickle the error, as one that the parent has the class of."""
    if isinstance(error, Exception) and type(error).__module__ == "builtins":
        with contextlib.suppress(Exception):
            return pickle.dumps(("raised", type(error)(*error.args)))
    return pickle.dumps(("raised", WorkerError(f"{type(error).__qualname__}: {error}")))


def returned(result: object) -> bytes:
    try:
        return pickle.dumps(("returned", result))
    except Exception as error:
        raise TypeError(
            f"the result, of type {type(result).__qualname__}, cannot leave the worker"
            f" ({error}): work on it there, with run()"
        ) from None


def serve(connection: Connection, name: str, folder: str) -> None:
    sys.path.insert(0, folder)
    names: dict[str, Any] = {}
    module = None
    while True:
        try:
            question = connection.recv()
        except EOFError:
            return
        try:
            # Here and not before, so that what the import raises is an answer.
            module = module or importlib.import_module(name)
            names.setdefault(name, module)
            data = returned(answer(question, names, module))
        except BaseException as error:  # a panic of Rust is not an Exception
            data = raised(error)
        connection.send_bytes(data)


if __name__ == "__main__":
    serve(Connection(int(sys.argv[1])), sys.argv[2], sys.argv[3])
