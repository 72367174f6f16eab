"""Coffee and milk: what the compiled module has, for editors and type checkers."""

from collections.abc import Sequence

# A type checker cannot look into a compiled module: this is all that it knows. The names of
# the arguments belong to it, because callers may use them.
def mix(grams1: float, celsius1: float, grams2: float, celsius2: float) -> float:
    """Return the temperature of coffee and milk poured together, in degrees Celsius."""

# A Vec is made of any sequence. With list[float], a checker would refuse a tuple.
def warmest(celsius: Sequence[float]) -> int:
    """Return the place of the highest temperature."""
