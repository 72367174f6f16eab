# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False
"""The heat equation in Cython: each step goes from one grid into the other."""

from cython.parallel cimport prange


def take_steps(
    double[:, ::1] old, double[:, ::1] new, Py_ssize_t steps,
    double centre, double cx, double cy, int threads,
):
    cdef Py_ssize_t nx = old.shape[0], ny = old.shape[1], i, j, step
    cdef double[:, ::1] read, write
    with nogil:
        for step in range(steps):
            if step % 2 == 0:
                read, write = old, new
            else:
                read, write = new, old
            for i in prange(1, nx - 1, num_threads=threads, schedule="static"):
                for j in range(1, ny - 1):
                    write[i, j] = (
                        centre * read[i, j]
                        + cx * (read[i - 1, j] + read[i + 1, j])
                        + cy * (read[i, j - 1] + read[i, j + 1])
                    )
