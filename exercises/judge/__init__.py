"""The judge: runs the tests of an exercise, and never the learner's code.

``tests.py`` imports from here. A test is a function that gets a ``Work`` and asks
it to do things; these happen in a sandboxed worker process of that test.
"""

from .registry import build, test
from .work import Raised, Work

__all__ = ["Raised", "Work", "build", "test"]
