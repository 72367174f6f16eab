"""The race, live: bars and lines that move while it measures.

``python -m ffi_workbook.race.live --help`` tells how to run it in a terminal, and
``notebook.LiveRace()`` shows the same in a notebook. From the bottom up:

- ``kernels``: what can be picked;
- ``runner``: one process that times one mode, when it is asked;
- ``child``: such a process as its parent sees it, however it ends;
- ``lanes``: the samples of the modes, and what they say;
- ``source``: where the samples come from: a race that runs, or a saved one;
- ``controls``: the keys, the pins, and what is on the screen;
- ``braille``, ``large``: curves and large digits made of characters;
- ``palette``, ``drawing``: the screen as a figure (SVG);
- ``window``: the pinned results, large, and in a terminal of their own;
- ``terminal``, ``notebook``: the two views. They know no more than ``controls``;
- ``__main__``: the command.
"""
