"""The heat kernel on a grid that one process does not hold.

The grid is cut into blocks. Every process steps its blocks with the Rust
kernel, and between steps the processes tell each other the cells along the
cuts: the halos.

- ``decompose``  how to cut, and the whole idea in one process
- ``dask_heat``  over Dask ``distributed``: lost workers are made up for
- ``mpi_heat``   over MPI: ``mpiexec -n 4 python -m ffi_workbook.distributed.mpi_heat``

All give the bits of ``ffi_workbook.evolve_steps``. Importing this package needs
neither Dask nor MPI; each of the two modules needs its own
(``requirements/distributed.txt`` has both).
"""
