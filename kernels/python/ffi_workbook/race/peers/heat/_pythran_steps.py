# mypy: ignore-errors
"""The heat equation for Pythran, which reads the types from a comment."""


# pythran export take_steps(float64[:,:], float64[:,:], int, float64, float64, float64)
def take_steps(old, new, steps, centre, cx, cy):
    # To Pythran an argument has one type, so the grids cannot change names here.
    for _ in range(steps // 2):
        step(old, new, centre, cx, cy)
        step(new, old, centre, cx, cy)
    if steps % 2:
        step(old, new, centre, cx, cy)


def step(old, new, centre, cx, cy):
    new[1:-1, 1:-1] = (
        centre * old[1:-1, 1:-1]
        + cx * (old[:-2, 1:-1] + old[2:, 1:-1])
        + cy * (old[1:-1, :-2] + old[1:-1, 2:])
    )
