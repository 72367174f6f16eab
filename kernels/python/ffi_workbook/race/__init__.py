"""The race: the same kernels in every mode, timed honestly on this machine.

``python -m ffi_workbook.race --help`` tells how to run it. From the bottom up:

- ``timing``: one callable, timed well;
- ``cases``: what is timed;
- ``worker``: one process that times every mode, interleaved;
- ``fit``: overhead and slope from the timings, with their uncertainty;
- ``machine``: where it was measured;
- ``report``: the JSON, the ratios and the tables;
- ``__main__``: the command that runs all of it.
"""
