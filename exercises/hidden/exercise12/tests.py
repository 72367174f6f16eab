"""Exercise 12, hidden tests: only their ideas are shown. Do not edit in a class."""

import sys
import zipfile

from judge import test


@test(
    points=1,
    needs=["build_the_wheel"],
    idea="All that is in a wheel goes into a folder that every package shares. Yours may put the "
    "package mug there and nothing else: no sources, no tests, no second package.",
)
def the_wheel_has_nothing_else(work):
    (name,) = work.files("dist/*.whl")
    with zipfile.ZipFile(work.folder / name) as wheel:
        entries = wheel.namelist()
    tops = {entry.split("/")[0] for entry in entries}
    work.expect_true("mug/lib/libmug.so" in entries, "the wheel is not whole")
    work.expect({top for top in tops if not top.endswith(".dist-info")}, {"mug"})
    sources = [entry for entry in entries if entry.endswith((".rs", ".c", ".toml"))]
    work.expect(sources, [])


@test(
    points=1,
    idea="Another user has another folder. Installed twice, each package names its own folders, "
    "and they are absolute, because the caller works in a third one.",
)
def installed_in_another_place(work):
    work.run([sys.executable, "-m", "venv", "--without-pip", "deep/er/env"])
    (wheel,) = work.files("dist/*.whl")
    code = "import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2])"
    (site,) = (work.folder / "deep/er/env/lib").glob("python*/site-packages")
    work.run([sys.executable, "-c", code, wheel, str(site.relative_to(work.folder))])
    said = "import os, mug; print([os.path.isabs(p) and os.path.isfile(p) for p in ("
    said += "os.path.join(mug.include(), 'mug.h'), os.path.join(mug.library(), 'libmug.so'))])"
    found = work.run(["deep/er/env/bin/python", "-I", "-c", said])
    work.expect(found.stdout.strip(), "[True, True]")
    where = work.run(["deep/er/env/bin/python", "-I", "-c", "import mug; print(mug.include())"])
    work.expect_true("deep/er/env" in where.stdout, "another environment")
