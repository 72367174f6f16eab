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
    # A band of rows is one expression, which it writes with vectors.
    rows, band = old.shape[0], 64
    # omp parallel for
    for i in range(1, rows - 1, band):
        k = min(i + band, rows - 1)
        new[i:k, 1:-1] = (
            centre * old[i:k, 1:-1]
            + cx * (old[i - 1 : k - 1, 1:-1] + old[i + 1 : k + 1, 1:-1])
            + cy * (old[i:k, :-2] + old[i:k, 2:])
        )
