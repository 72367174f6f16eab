"""Plain data between the judge and a worker: JSON, and raw bytes beside it.

A frame is ``length of JSON, length of bytes, JSON, bytes``. Arrays and bytes lie in
the second part, and the JSON says where. Nothing here can be made to run code:
there is no pickle. The worker is not trusted, so whatever it sends is checked.
"""

import json
import socket
import struct
import time
from typing import Any

#: No frame is longer than this.
LARGEST = 256 * 2**20

_HEADER = struct.Struct("<QQ")


class WireError(Exception):
    """The other side closed the channel, or sent what is no frame."""


class Timeout(Exception):
    """The other side did not answer in time."""


class Encoder:
    """Turns Python values into JSON and bytes. What is no plain data becomes a handle."""

    def __init__(self, keep: Any = None) -> None:
        self.blob = bytearray()
        self._keep = keep

    def _put(self, data: Any) -> list[int]:
        start = len(self.blob)
        self.blob += data
        return [start, len(self.blob)]

    def encode(self, value: Any, depth: int = 0) -> Any:
        """Return what stands for ``value`` in the JSON."""
        kind = type(value)
        if depth > 50:
            raise ValueError("nested too deeply to be sent")
        if value is None or kind in (bool, int, float, str):
            return value
        if kind is list:
            return [self.encode(item, depth + 1) for item in value]
        if kind is tuple:
            return {"$": "tuple", "items": [self.encode(item, depth + 1) for item in value]}
        if kind is dict:
            pairs = [
                [self.encode(key, depth + 1), self.encode(item, depth + 1)]
                for key, item in value.items()
            ]
            return {"$": "dict", "items": pairs}
        if kind in (bytes, bytearray):
            return {"$": kind.__name__, "at": self._put(value)}
        if kind is complex:
            return {"$": "complex", "re": value.real, "im": value.imag}
        if kind.__module__ == "numpy":
            encoded = self._numpy(value)
            if encoded is not None:
                return encoded
        if self._keep is None:
            raise TypeError(f"a {kind.__name__} cannot be sent: {value!r}")
        return self._keep(value)

    def _numpy(self, value: Any) -> Any:
        import numpy as np

        if isinstance(value, np.generic) and value.dtype.kind in "biufc":
            return {"$": "scalar", "dtype": value.dtype.str, "at": self._put(value.tobytes())}
        if type(value) is np.ndarray and value.dtype.kind in "biufc":
            fortran = value.flags.f_contiguous and not value.flags.c_contiguous
            order = "F" if fortran else "C"
            return {
                "$": "array",
                "dtype": value.dtype.str,
                "shape": list(value.shape),
                "order": order,
                "at": self._put(value.tobytes(order=order)),
            }
        return None


class Decoder:
    """The way back. ``handle`` turns a handle's description into an object."""

    def __init__(self, blob: bytes, handle: Any) -> None:
        self._blob = blob
        self._handle = handle

    def _at(self, value: Any) -> bytes:
        start, end = value["at"]
        if not 0 <= start <= end <= len(self._blob):
            raise WireError("bytes outside the frame")
        return self._blob[start:end]

    def decode(self, value: Any) -> Any:
        """Return the Python value."""
        if isinstance(value, list):
            return [self.decode(item) for item in value]
        if not isinstance(value, dict):
            return value
        kind = value["$"]
        if kind == "tuple":
            return tuple(self.decode(item) for item in value["items"])
        if kind == "dict":
            return {self.decode(key): self.decode(item) for key, item in value["items"]}
        if kind == "bytes":
            return bytes(self._at(value))
        if kind == "bytearray":
            return bytearray(self._at(value))
        if kind == "complex":
            return complex(value["re"], value["im"])
        if kind in ("scalar", "array"):
            import numpy as np

            dtype = np.dtype(str(value["dtype"]))
            if dtype.kind not in "biufc":
                raise WireError(f"no dtype for numbers: {dtype}")
            flat = np.frombuffer(self._at(value), dtype=dtype)
            if kind == "scalar":
                return flat[0]
            shape = tuple(value["shape"])
            return flat.reshape(shape, order="F" if value["order"] == "F" else "C").copy(order="K")
        if kind == "handle":
            return self._handle(value)
        raise WireError(f"unknown kind {kind!r}")


def send(channel: socket.socket, message: Any, blob: bytes | bytearray = b"") -> None:
    """Send one frame."""
    text = json.dumps(message).encode()
    if len(text) + len(blob) > LARGEST:
        raise ValueError(f"an answer of {len(text) + len(blob)} bytes is too large to send")
    channel.sendall(_HEADER.pack(len(text), len(blob)) + text + bytes(blob))


def receive(channel: socket.socket, deadline: float | None = None) -> tuple[Any, bytes]:
    """Return the next frame's JSON and bytes; at the latest at ``deadline`` (monotonic)."""

    def read(count: int) -> bytes:
        parts = bytearray()
        while len(parts) < count:
            if deadline is not None:
                left = deadline - time.monotonic()
                if left <= 0:
                    raise Timeout
                channel.settimeout(left)
            try:
                part = channel.recv(min(count - len(parts), 2**20))
            except TimeoutError:
                raise Timeout from None
            except OSError as error:
                raise WireError(str(error)) from None
            if not part:
                raise WireError("closed")
            parts += part
        return bytes(parts)

    text_length, blob_length = _HEADER.unpack(read(_HEADER.size))
    if text_length + blob_length > LARGEST:
        raise WireError("frame too large")
    text, blob = read(text_length), read(blob_length)
    try:
        return json.loads(text), blob
    except (ValueError, RecursionError) as error:
        raise WireError(f"no JSON: {error}") from None
