"""From the referee's samples to the JSON, in the shape of the race's."""

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import chain
from typing import Any

from .. import cases, machine, noise
from ..report import PYO3_CALLS, SCHEMA, short, spread
from .peer import THREADS, Peer
from .referee import Referee, heat_case

Json = dict[str, Any]

#: What this project promises of a step: a name, two peers, and how the first's time
#: stands to that of the second.
HEAT_PROMISES: tuple[tuple[str, str, str, Json], ...] = (
    ("ours with two threads / np.copyto of the grid", "ours-2", "copy", {"at_most": 0.35}),
    ("ours with one thread / np.copyto of the grid", "ours-1", "copy", {"at_most": 0.7}),
    ("Devito / ours with two threads", "devito", "ours-2", {"at_least": 3.0}),
    ("Numba parallel / ours with two threads", "numba-parallel", "ours-2", {"at_least": 3.0}),
    ("published C -O3 / ours with two threads", "published-c", "ours-2", {"at_least": 8.0}),
    ("NumPy slices / ours with two threads", "numpy", "ours-2", {"at_least": 80.0}),
)

#: Why a peer is absent that nobody asked for.
NOT_CHOSEN = "not chosen for this race"


def document(
    referee: Referee, *, quick: bool, warnings: list[str], not_chosen: Iterable[Peer] = ()
) -> Json:
    """Return the whole race of peers as one JSON document.

    Those that were not chosen are in it as absent: nobody is left out silently.
    """
    heat = heat_case(referee.effort)
    versions = machine.versions()
    for peer in referee.peers:
        versions |= referee.results[peer.name].get("versions", {})
    measurements = [
        {
            "case": case,
            "mode": name,
            "n": None,
            **spread([*chain(*processes)]),
            "samples": [[short(sample) for sample in process] for process in processes],
        }
        for (case, name), processes in referee.samples.items()
    ]
    result: Json = {
        "schema": SCHEMA,
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "quick": quick,
        "machine": {
            **machine.machine(),
            "warnings": [*warnings, *noise.warnings(referee.noise)],
        },
        "versions": versions,
        "threads": THREADS,
        "steps": referee.effort.steps,
        "modes": [
            *(_mode(peer, referee.results[peer.name]) for peer in referee.peers),
            *(_mode(peer, {"status": "absent", "reason": NOT_CHOSEN}) for peer in not_chosen),
        ],
        "cases": [case.as_json() for case in (heat, *cases.CALLS)],
        "measurements": measurements,
        "skipped": _skipped(referee),
        "limits": [
            {"grid": heat.grid, **{key: row[key] for key in ("median", "q1", "q3", "samples")}}
            for row in measurements
            if (row["case"], row["mode"]) == (heat.name, "copy")
        ],
        "noise": referee.noise,
    }
    result["ratios"] = ratios(result)
    return result


def _mode(peer: Peer, found: Json) -> Json:
    return {
        "name": peer.name,
        "title": peer.title,
        "kind": peer.kind,
        "deprecated": False,
        "status": found["status"],
        "reason": found["reason"],
        "group": peer.group,
        "family": peer.family,
        "threads": peer.threads,
        "summary": peer.summary,
        # From the start of its imports to the first result, and what of that is not
        # the run itself: a compiler's time, mostly.
        "first_seconds": _short(found.get("first_seconds")),
        "compile_seconds": _short(found.get("compile_seconds")),
    }


def _skipped(referee: Referee) -> list[Json]:
    """Name the calls that a peer has not, where it has others."""
    return [
        {"case": case.name, "mode": peer.name, "n": None, "reason": "the peer has no such call"}
        for peer in referee.peers
        for case in cases.CALLS
        if peer.group == "call"
        and referee.results[peer.name]["status"] == "ok"
        and case.name not in referee.results[peer.name]["cases"]
    ]


def ratios(result: Json) -> list[Json]:
    """Return the ratios this project promises of its peers, as this run has them."""
    median = {(row["case"], row["mode"]): row["median"] for row in result["measurements"]}
    (heat,) = (case["name"] for case in result["cases"] if case["group"] == "heat")
    wanted = [(name, heat, top, bottom, limit) for name, top, bottom, limit in HEAT_PROMISES]
    wanted += [
        (f"PyO3 / raw C API, {case}", case, "pyo3", "capi", {"at_most": limit})
        for case, limit in PYO3_CALLS.items()
    ]
    rows = []
    for name, case, top, bottom, limit in wanted:
        if (case, top) in median and (case, bottom) in median:
            value = median[case, top] / median[case, bottom]
            holds = limit.get("at_least", 0.0) <= value <= limit.get("at_most", value)
            rows.append({"name": name, "value": short(value), **limit, "holds": holds})
    return rows


def _short(value: float | None) -> float | None:
    return None if value is None else short(value)
