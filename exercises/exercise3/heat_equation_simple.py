"""A warm disc on a cool plate: the heat equation on a rectangle, in Python.

Heat flows from warm to cool, the faster the more the temperature bends:

    du/dt = a * (d2u/dx2 + d2u/dy2)

On a grid the second derivative is (one neighbour - 2 * here + other neighbour) / dx2,
and a small step of time adds dt times the right-hand side. The rim keeps its
temperature.

    python heat_equation_simple.py          writes heat.pgm
    python heat_equation_simple.py --show   draws it with matplotlib
"""

import sys
import time
from pathlib import Path

import numpy as np

#: Rows and columns of the plate: a rectangle, so that nobody may confuse them.
NX, NY = 60, 90
STEPS = 50
#: How fast heat spreads, and the squared distances between rows and columns.
A, DX2, DY2 = 0.5, 0.01**2, 0.01**2
#: The longest step of time that stays stable.
DT = DX2 * DY2 / (2 * A * (DX2 + DY2))
COOL, WARM = 5.0, 65.0


def start(nx, ny):
    """Return a plate of nx rows and ny columns with a warm disc in the middle."""
    rows, columns = np.mgrid[:nx, :ny]
    distance = np.hypot(rows - nx / 2, columns - ny / 2)
    return np.where(distance < nx / 4, WARM, COOL)


def evolve(u, u_previous, a, dt, dx2, dy2):
    """Make one step: u from u_previous, then u_previous becomes a copy of u."""
    nx, ny = u.shape
    p = u_previous
    for i in range(1, nx - 1):
        for j in range(1, ny - 1):
            u[i, j] = p[i, j] + a * dt * (
                (p[i + 1, j] - 2.0 * p[i, j] + p[i - 1, j]) / dx2
                + (p[i, j + 1] - 2.0 * p[i, j] + p[i, j - 1]) / dy2
            )
    u_previous[:] = u


def simulate(evolve, nx=NX, ny=NY, steps=STEPS):
    """Return the plate after so many steps of the given evolve."""
    u = start(nx, ny)
    u_previous = u.copy()
    for _ in range(steps):
        evolve(u, u_previous, A, DT, DX2, DY2)
    return u


def picture(field):
    """Return a field as a picture in the format PGM: a byte for each cell."""
    nx, ny = field.shape
    grey = np.rint(255 * (field - COOL) / (WARM - COOL)).clip(0, 255).astype(np.uint8)
    return f"P5\n{ny} {nx}\n255\n".encode() + grey.tobytes()


def main(evolve, name):
    """Simulate with this evolve and write the picture name.pgm."""
    before = time.perf_counter()
    field = simulate(evolve)
    print(f"{STEPS} steps on {NX} x {NY} cells in {time.perf_counter() - before:.3f} s")
    Path(f"{name}.pgm").write_bytes(picture(field))
    print(f"wrote {name}.pgm; mean temperature {field.mean():.3f}")
    if "--show" in sys.argv:
        import matplotlib.pyplot as plt

        plt.imshow(field, cmap="inferno", vmin=COOL, vmax=WARM)
        plt.colorbar(label="temperature")
        plt.title(name)
        plt.show()


if __name__ == "__main__":
    main(evolve, "heat")
