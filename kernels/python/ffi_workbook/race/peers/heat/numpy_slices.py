"""NumPy: one expression over slices for each step.

As published, with the divisions and a copy of the grid in every step; and with the
weights computed before, and two grids that change places, which makes fewer arrays
on the way.
"""

from ..peer import Heat, Peer, Problem, every_step, in_place


def load(problem: Problem) -> Heat:
    from ffi_workbook import modes

    evolve = modes.load("numpy").evolve
    assert evolve
    return every_step(problem, evolve)


def load_steps(problem: Problem) -> Heat:
    from ffi_workbook import modes

    steps = modes.load("numpy").evolve_steps
    assert steps
    return in_place(problem, steps)


PEERS = [
    Peer(
        name=name,
        title=title,
        group="heat",
        kind="python",
        order=order,
        summary="Expressions over whole arrays, in NumPy's own compiled loops.",
        load=function,
        family="numpy",
        packages=("numpy",),
    )
    for name, title, order, function in (
        ("numpy", "NumPy slices", 95, load),
        ("numpy-steps", "NumPy slices, two grids", 90, load_steps),
    )
]
