# mypy: ignore-errors
"""The heat equation for Pythran, which reads types and OpenMP from comments."""


# pythran export take_steps(float64[:,:], float64[:,:], int, float64, float64, float64)
def take_steps(old, new, steps, centre, cx, cy):
    # To Pythran an argument has one type, so the grids cannot change names here.
    for _ in range(steps // 2):
        step(old, new, centre, cx, cy)
        step(new, old, centre, cx, cy)
    if steps % 2:
        step(old, new, centre, cx, cy)


def step(old, new, centre, cx, cy):
    nx, ny = old.shape
    # omp parallel for
    for i in range(1, nx - 1):
        for j in range(1, ny - 1):
            new[i, j] = (
                centre * old[i, j]
                + cx * (old[i - 1, j] + old[i + 1, j])
                + cy * (old[i, j - 1] + old[i, j + 1])
            )
