"""What can be picked: the cases of the race, by kernel and size."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .. import cases
from ..cases import Case

Json = dict[str, Any]

#: A case and, for ``a += b``, the length of the arrays.
Key = tuple[str, int | None]

#: The sizes of ``a += b``. The line is fitted to those that fit the cache.
LENGTHS = (1, 10, 100, 1_000, 3_000, 10_000, 30_000, 100_000, 1_000_000)
#: Rows and columns of the heat grids, small enough for every process to have one.
GRIDS = (100, 200, 400, 1_000)
#: The most steps in one sample of the heat equation.
STEPS = 20


@dataclass(frozen=True)
class Kernel:
    """One kernel, in the sizes that it can be raced in."""

    name: str
    title: str
    #: Empty for a call that has no size.
    sizes: tuple[int, ...] = ()
    #: The size to begin with.
    first: int | None = None

    @property
    def has_line(self) -> bool:
        """Whether time is overhead + n * slope."""
        return self.name == cases.ARRAY_ADD.name

    def key(self, size: int | None) -> Key:
        """Return the case and n of one size, as the JSON of the race has them."""
        if self.name.startswith("heat_"):
            return self.name.replace("_", f"_{size}_", 1), None
        return self.name, size

    def size_text(self, size: int | None) -> str:
        if size is None:
            return ""
        return f"n = {size:,}" if self.has_line else f"{size:,} x {size:,}"


def heat_case(name: str) -> Case | None:
    """Return the heat case of that name: ``heat_200_steps``, for example."""
    head, _, rest = name.partition("_")
    size, _, variant = rest.partition("_")
    if head != "heat" or variant not in ("classic", "steps") or not size.isdigit():
        return None
    function = "evolve" if variant == "classic" else "evolve_steps"
    grid = (int(size), int(size))
    title = f"{function}, {size} x {size}"
    return Case(name, title, "heat", grid, STEPS, variant)  # type: ignore[arg-type]


def live() -> tuple[Kernel, ...]:
    """Return what can be raced here."""
    plain = [Kernel(case.name, case.title) for case in (*cases.CALLS, cases.FIBONACCI)]
    return (
        *plain,
        Kernel(cases.ARRAY_ADD.name, cases.ARRAY_ADD.title, LENGTHS, 1_000),
        Kernel("heat_classic", "evolve: one step of heat", GRIDS, 200),
        Kernel("heat_steps", "evolve_steps: many steps of heat", GRIDS, 200),
    )


def saved(race: Json) -> tuple[Kernel, ...]:
    """Return what a saved race has measured."""
    keys = {(row["case"], row["n"]) for row in race["measurements"]}
    found = []
    for kernel in live():
        sizes = sorted(_sizes(kernel, keys))
        if kernel.sizes and sizes:
            first = kernel.first if kernel.first in sizes else sizes[len(sizes) // 2]
            found.append(Kernel(kernel.name, kernel.title, tuple(sizes), first))
        elif kernel.key(None) in keys:
            found.append(kernel)
    return tuple(found)


def _sizes(kernel: Kernel, keys: Iterable[Key]) -> set[int]:
    sizes = set()
    for case, n in keys:
        if kernel.has_line and case == kernel.name and n is not None:
            sizes.add(n)
        elif (heat := heat_case(case)) and heat.grid and kernel.key(heat.grid[0])[0] == case:
            sizes.add(heat.grid[0])
    return sizes
