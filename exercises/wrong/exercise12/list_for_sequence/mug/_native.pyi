"""Coffee and milk: what the compiled module has, for editors and type checkers."""

# A type checker cannot look into a compiled module: this is all that it knows. The names of
# the arguments belong to it, because callers may use them.
def mix(
    coffee_grams: float, coffee_celsius: float, milk_grams: float, milk_celsius: float
) -> float:
    """Return the temperature of coffee and milk poured together, in degrees Celsius."""

# A Vec is made of any sequence. With list[float], a checker would refuse a tuple.
def warmest(celsius: list[float]) -> int:
    """Return the place of the highest temperature."""
