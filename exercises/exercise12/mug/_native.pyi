"""Coffee and milk: what the compiled module has, for editors and type checkers."""

# TODO 2: a line for each function of src/lib.rs, as in  def double(x: int) -> int: ...
# A package that has types also says so: make an empty file mug/py.typed.
