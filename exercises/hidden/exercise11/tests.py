"""Exercise 11, hidden tests: only their ideas are shown. Do not edit in a class."""

import numpy as np
from judge import test

import ffi_workbook as kernels

A, DX2, DY2 = 0.5, 4e-4, 1e-4
PARAMETERS = (A, kernels.largest_stable_dt(A, DX2, DY2), DX2, DY2)


@test(
    points=1,
    idea="A mug of coffee on a grid that is no square, many steps: every small mistake grows, and "
    "the boundary stays as it was.",
)
def a_mug_cools(work):
    for mode in ("mode_c.evolve", "own_heat.evolve"):
        u = kernels.field.mug(43, 61)
        expected, previous = u.copy(), u.copy()
        kernels.evolve_steps(expected, previous, 30, *PARAMETERS)
        u_previous = u.copy()
        for _ in range(30):
            work.call(mode, u, u_previous, *PARAMETERS)
        work.expect_close(u, expected, message=f"the mug is wrong in {mode}")


@test(
    points=1,
    idea="An array stored column by column (Fortran order) has no gaps either, so as_slice_mut is "
    "content with it, and a kernel that takes columns for rows is wrong. Ask is_c_contiguous.",
)
def other_layouts_are_refused(work):
    for mode in ("own_heat.evolve", "mode_c.evolve"):
        for layout in ("np.asfortranarray(x)", "np.repeat(x, 2, axis=1)[:, ::2]"):
            work.exec("import numpy as np, mode_c, own_heat\nx = np.eye(6)", p=PARAMETERS)
            work.exec(f"odd = {layout}")
            with work.expect_raises("ValueError", "TypeError"):
                work.eval(f"{mode}(odd, x, *p)")
            with work.expect_raises("ValueError", "TypeError"):
                work.eval(f"{mode}(x, odd, *p)")
            work.expect(work.eval("np.ascontiguousarray(odd)"), np.eye(6))


@test(
    points=1,
    idea="nx * ny can be too large for a usize, or for any memory, although both fit. checked_mul "
    "says so; a plain * stops with a panic, or goes round to a small number.",
)
def sizes_beyond_any_memory(work):
    work.exec(
        "import ctypes, own_heat\nown = ctypes.CDLL(own_heat.__file__).own_evolve\n"
        "own.argtypes = [ctypes.c_void_p] * 2 + [ctypes.c_int64] * 2 + [ctypes.c_double] * 4\n"
        "memory = (ctypes.c_double * 2)()\nhere = ctypes.addressof(memory)",
        p=PARAMETERS,
    )
    for nx, ny in [(2**33, 2**33), (2**60, 2), (2**62, 4), (2**32, 2**32)]:
        got = work.eval("own(here, here + 8, nx, ny, *p)", nx=nx, ny=ny)
        work.expect(got, 3)
