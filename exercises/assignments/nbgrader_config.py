"""Settings of nbgrader for the course folder that this file is in."""

import sys
from pathlib import Path

HERE = Path(__file__).parent.resolve()
sys.path.insert(0, str(HERE))

from nbgrader.converters import Autograde, GenerateAssignment  # noqa: E402
from nbgrader.preprocessors import ClearSolutions, Execute  # noqa: E402
from nbgrader.validator import Validator  # noqa: E402
from preprocessors import StarterFiles, StrayLines, SurvivingExecute  # noqa: E402


def replaced(steps, old, new):
    """Return the steps with one of them replaced by others."""
    return [step for each in steps for step in (new if each is old else [each])]


def default(converter, name):
    """Return the steps that a converter has unless a setting says otherwise."""
    return list(converter.class_traits()[name].default_args[0])


c = get_config()  # noqa: F821
c.CourseDirectory.root = str(HERE)
c.CourseDirectory.course_id = "ffi-workbook"

c.GenerateAssignment.preprocessors = replaced(
    default(GenerateAssignment, "preprocessors"), ClearSolutions, [StarterFiles]
)
c.Autograde.autograde_preprocessors = replaced(
    default(Autograde, "autograde_preprocessors"), Execute, [SurvivingExecute, StrayLines]
)
# The validator's steps are no setting, so they are put in by hand.
Validator.preprocessors.default_args = (
    replaced(default(Validator, "preprocessors"), Execute, [SurvivingExecute, StrayLines]),
)

# The first graded cell builds what the learner wrote, and waits for its tests.
c.Execute.timeout = 300
c.SurvivingExecute.timeout = 300
