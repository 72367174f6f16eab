"""What the lessons and notebooks use besides the kernels.

- ``child`` runs a piece of Python in a process of its own and tells how it ended,
  so that a page can show a crash and go on.
- ``figure`` draws with matplotlib, for a light page and for a dark one.
- ``animation`` shows fields one after the other, with a control to stop it.
"""

from .animation import Animation, animation
from .child import Ended, child
from .figure import Figure, figure

__all__ = ["Animation", "Ended", "Figure", "animation", "child", "figure"]
