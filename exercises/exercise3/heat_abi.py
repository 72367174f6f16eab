"""The heat equation with the native evolve, from a library opened at run time (ABI mode)."""

import heat_equation_simple as heat

# Where the library is: from ffi_workbook.library import library_path


def evolve(u, u_previous, a, dt, dx2, dy2):
    """Make one step: u from u_previous, then u_previous becomes a copy of u."""
    # TODO 3: declare evolve, open the library (above, once), and call it here.
    raise NotImplementedError("TODO 3: call lib.evolve")


if __name__ == "__main__":
    heat.main(evolve, "heat_abi")
