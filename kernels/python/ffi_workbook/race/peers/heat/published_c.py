"""The C that the course starts from, with two sets of compiler flags.

It is called once a step through ctypes, and copies the grid after each, as
published. -ffast-math lets the compiler change the order of operations;
-march=native lets it use all vectors of this processor.
"""

from functools import partial

from ..peer import Heat, Peer, Problem, every_step

FAST = ("-march=native", "-ffast-math")


def load(problem: Problem, flags: tuple[str, ...]) -> Heat:
    from ffi_workbook.modes import published_c

    evolve = published_c.load(flags).evolve
    assert evolve
    return every_step(problem, evolve)


PEERS = [
    Peer(
        name=name,
        title=f"published C, {' '.join(('-O3', *flags))}",
        group="heat",
        order=order,
        summary="The C that the course starts from, called through ctypes.",
        load=partial(load, flags=flags),
        family="published-c",
    )
    for name, order, flags in (("published-c", 80, ()), ("published-c-fast", 70, FAST))
]
