"""What the command ``declarations`` found, as a failure for the learner."""

import json
import textwrap
from typing import Any

from .endings import Failure

#: This many differences are explained at once.
_SHOWN = 3


def failure(printed: str) -> Failure | None:
    """Read the command's JSON; None if the declarations agree with the header."""
    report = json.loads(printed)
    different = [found for found in report["findings"] if found["severity"] == "difference"]
    if not different:
        return None
    first = different[0]
    parts = [_told(found) for found in different[:_SHOWN]]
    if len(different) > _SHOWN:
        parts.append(f"... and {len(different) - _SHOWN} more differences")
    return Failure(
        f"your declaration differs from {report['header']}: {first['subject']}, {_title(first)}",
        expected=first["header"],
        got=first["yours"],
        details="\n\n".join(parts),
        where=[{"file": found["file"], "line": found["line"], "code": ""} for found in different],
    )


def _title(found: dict[str, Any]) -> str:
    return str(found["kind"]).replace("-", " ")


def _told(found: dict[str, Any]) -> str:
    place = f"{found['file']}:{found['line']}:{found['column']}"
    head = f"{place}: {found['subject']}, {_title(found)}"
    return head + "\n" + textwrap.fill(found["explanation"], 78)
