# cython: language_level=3, binding=False, boundscheck=False, wraparound=False
# cython: initializedcheck=False
"""The kernels through Cython.

`/` ends the positional arguments: without names to look up a call is shorter.
The arrays have been checked in Python; `double[:, ::1]` is a C-ordered view.
"""

from libc.stdint cimport int32_t, int64_t, uint64_t

# Cython does not read headers, so each declaration stands here a second time:
# the copy that the other modes avoid by reading kernels.h. A wrong pointer here
# is found by the C compiler; a wrong number type is converted without a word.
cdef extern from "kernels.h" nogil:
    int KERNELS_OK
    void kernels_noop()
    int64_t kernels_add_ints(int32_t a, int32_t b)
    double kernels_add_floats(double a, double b)
    int32_t kernels_add(double *a, const double *b, int64_t n)
    int32_t kernels_fibonacci_step(uint64_t *a, uint64_t *b)
    int32_t kernels_evolve(
        double *u, double *u_previous, int64_t nx, int64_t ny,
        double a, double dt, double dx2, double dy2)
    int32_t kernels_evolve_steps(
        double *u, double *u_previous, int64_t nx, int64_t ny, int64_t steps,
        double a, double dt, double dx2, double dy2, int64_t threads)

# From this many element updates on, other Python threads may run meanwhile:
# the threshold of the PyO3 skin. (A double counts them: it cannot overflow.)
cdef double LONG_WORK = 16384


def noop():
    kernels_noop()


def add_ints(int32_t a, int32_t b, /):
    return kernels_add_ints(a, b)


def add_floats(double a, double b, /):
    return kernels_add_floats(a, b)


def add(double[::1] a, const double[::1] b, /):
    cdef int64_t n = a.shape[0]
    cdef int32_t status
    if n >= LONG_WORK:
        with nogil:
            status = kernels_add(&a[0], &b[0], n)
    else:
        status = kernels_add(&a[0], &b[0], n)
    return status


def fibonacci_step(uint64_t a, uint64_t b, /):
    if kernels_fibonacci_step(&a, &b) != KERNELS_OK:
        raise OverflowError("the sum does not fit in u64")
    return a, b


def evolve(
    double[:, ::1] u, double[:, ::1] u_previous, double a, double dt, double dx2, double dy2, /
):
    cdef int64_t nx = u.shape[0], ny = u.shape[1]
    cdef int32_t status
    if <double>nx * ny >= LONG_WORK:
        with nogil:
            status = kernels_evolve(&u[0, 0], &u_previous[0, 0], nx, ny, a, dt, dx2, dy2)
    else:
        status = kernels_evolve(&u[0, 0], &u_previous[0, 0], nx, ny, a, dt, dx2, dy2)
    return status


def evolve_steps(
    double[:, ::1] u, double[:, ::1] u_previous, int64_t steps,
    double a, double dt, double dx2, double dy2, /
):
    cdef int64_t nx = u.shape[0], ny = u.shape[1]
    cdef double *new = &u[0, 0]
    cdef double *old = &u_previous[0, 0]
    cdef int32_t status
    if <double>nx * ny * steps >= LONG_WORK:
        with nogil:
            status = kernels_evolve_steps(new, old, nx, ny, steps, a, dt, dx2, dy2, 1)
    else:
        status = kernels_evolve_steps(new, old, nx, ny, steps, a, dt, dx2, dy2, 1)
    return status
