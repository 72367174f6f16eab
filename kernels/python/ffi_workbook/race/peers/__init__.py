"""Who else runs: the same work done by what else people use, in the same run.

``python -m ffi_workbook.race.peers --help`` tells how to run it. A peer is one
entry of ``PEERS`` in a module of ``heat`` (the heat equation) or of ``calls``
(what a call costs). From the bottom up:

- ``peer``: what a peer is;
- ``environment``: a Python environment of its own for a peer that needs one;
- ``worker``: the process of one peer, which answers one question at a time;
- ``seat``: the parent's end of such a process, with its time limits;
- ``referee``: who checks the answers, and asks all peers in turn;
- ``document``: the JSON and the ratios;
- ``tables``: the JSON as tables;
- ``__main__``: the command that runs all of it.

A peer that cannot be installed or loaded, crashes, hangs or answers wrongly is
named in the result with its reason. The others go on.
"""

import importlib
import pkgutil
from dataclasses import replace
from functools import cache

from .peer import Peer

__all__ = ["Peer", "all_peers", "chosen"]


@cache
def all_peers() -> tuple[Peer, ...]:
    """Return every peer, in the order of tables."""
    found: list[Peer] = []
    for group in ("heat", "calls"):
        package = importlib.import_module(f"{__name__}.{group}")
        for module in pkgutil.iter_modules(package.__path__):
            if module.name.startswith("_"):
                continue
            name = f"{package.__name__}.{module.name}"
            found += [replace(peer, module=name) for peer in importlib.import_module(name).PEERS]
    return tuple(sorted(found, key=lambda peer: (peer.group != "heat", peer.order)))


def chosen(names: list[str], peers: tuple[Peer, ...]) -> list[Peer]:
    """Return the peers of these names or families, and those all are compared with.

    No names, or the name "1" (``make race PEERS=1``), stand for all. Raises
    KeyError for a name that nobody has.
    """
    if not names or names == ["1"]:
        return list(peers)
    known = {word for peer in peers for word in (peer.name, peer.family)}
    if unknown := [name for name in names if name not in known]:
        listed = ", ".join(dict.fromkeys(peer.family for peer in peers))
        raise KeyError(f"there is no peer {unknown[0]!r}: the peers are {listed}")
    groups = {peer.group for peer in peers if {peer.name, peer.family} & set(names)}
    return [
        peer
        for peer in peers
        if {peer.name, peer.family} & set(names) or (peer.is_base and peer.group in groups)
    ]
