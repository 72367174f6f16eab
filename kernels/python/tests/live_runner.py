"""A stand-in for `ffi_workbook.race.live.runner`: as many ways to behave as it has names."""

import json
import os
import sys
import time


def say(**message: object) -> None:
    print(json.dumps(message), flush=True)


def seconds(name: str, n: int | None) -> float:
    overhead, slope = {"quick": (1e-7, 1e-10), "slow": (4e-6, 1e-9)}.get(name, (1e-6, 1e-9))
    return overhead + (n or 1) * slope


name = sys.argv[1]
if name == "never-loads":
    time.sleep(600)
elif name == "raises":
    say(status="failed", reason="ValueError: a bad day\nwith a second line")
    sys.exit()
elif name == "lacking":
    say(status="absent", reason="No module named 'nobody'")
    sys.exit()
elif name == "leaves":
    print("not today", file=sys.stderr)
    sys.exit(3)
elif name == "babbles":
    print("hello")
say(status="ok", reason=None)

for line in sys.stdin:
    asked = json.loads(line)
    if name == "crashes":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        os.abort()
    elif name == "hangs":
        time.sleep(600)
    elif name == "has-it-not":
        say(skipped="the mode has no such call")
    else:
        sample = seconds(name, asked["n"])
        noise = {"seconds": 1.0, "cpu_share": 0.5, "preemptions_per_second": 0.0}
        noise |= {"reference": 1e-4, "reference_spread": 0.0, "reference_drift": 0.0}
        say(samples=[sample] * asked["samples"], took=0.01, noise=noise)
