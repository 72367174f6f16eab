"""The race: the same kernels in every mode, timed honestly on this machine.

``python -m ffi_workbook.race --help`` tells how to run it. From the bottom up:

- ``timing``: one callable, timed well;
- ``noise``: what disturbs the timing;
- ``cases``: what is timed;
- ``worker``: one process that times every mode, interleaved;
- ``stats``: whether there is a difference, and how sure that is;
- ``fit``: overhead and slope from the timings, with their uncertainty;
- ``machine``: where it was measured;
- ``report``: the JSON and the ratios;
- ``tables``: the JSON as tables;
- ``aa``: a mode against itself;
- ``compare``: what changed between two races;
- ``command``: what the commands that measure have in common;
- ``__main__``: the command that runs all of it.

And beside it, with commands of their own:

- ``rungs``, ``ladder_worker``, ``ladder``: what each idea of the heat kernel gains;
- ``instructions``: the machine instructions of a call;
- ``peers``: who else runs;
- ``live``: the race while it runs.
"""
