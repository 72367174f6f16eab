"""The Dask client of `workbook collect --dask`: tasks in, outcomes out, a line each.

Reads ``{"task": number, "program": path, "checkout": path, "exercise": number,
"folder": path}`` from standard input, has the workers of the cluster grade, and writes
``{"task": number, "outcome": {...}}`` or ``{"task": number, "error": "..."}`` as they
finish. What a lost worker had is run again by another.
"""

import json
import subprocess
import sys

try:
    from distributed import Client, as_completed
except ModuleNotFoundError:
    sys.exit("error: Dask is not installed: run `make cluster`")


def grade(task: dict) -> dict:
    """Grade one folder on a worker. Exit status 1 means that tests failed."""
    command = [task["program"], "--root", task["checkout"], "grade"]
    command += ["--exercise", str(task["exercise"]), task["folder"]]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    if ended.returncode not in (0, 1) or not ended.stdout:
        raise RuntimeError(ended.stderr.strip() or f"exit status {ended.returncode}")
    outcome: dict = json.loads(ended.stdout)
    if not outcome["tests"]:
        raise RuntimeError("no test was run")
    return outcome


def main() -> None:
    tasks = [json.loads(line) for line in sys.stdin]
    try:
        client = Client(sys.argv[1], timeout="10s")
    except OSError as error:
        sys.exit(f"error: no Dask scheduler answers at {sys.argv[1]}: {error}")
    with client:
        futures = {
            client.submit(grade, task, key=f"grade-{task['task']}", pure=False): task
            for task in tasks
        }
        for future in as_completed(futures):
            number = futures[future]["task"]
            error = future.exception()
            if error is None:
                answer = {"task": number, "outcome": future.result()}
            else:
                answer = {"task": number, "error": f"{type(error).__name__}: {error}"}
            print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
