"""The crate of lesson 8 builds, and its module does what the page says."""

import importlib
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
CRATE = ROOT / "lessons" / "hello_pyo3"


@pytest.fixture(scope="module")
def hello(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    folder = tmp_path_factory.mktemp("hello")
    command = [sys.executable, "-m", "maturin", "build", "--locked", "--offline"]
    subprocess.run(
        [*command, "--interpreter", sys.executable, "--out", folder], cwd=CRATE, check=True
    )
    (wheel,) = folder.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        yield importlib.import_module("hello_pyo3")


def test_its_crates_are_those_of_the_workspace() -> None:
    # So they are on every machine that has built the package, and no network is needed.
    def packages(folder: Path) -> set[tuple[str, str]]:
        lock = tomllib.loads((folder / "Cargo.lock").read_text(encoding="utf-8"))
        return {(package["name"], package["version"]) for package in lock["package"]}

    assert packages(CRATE) - packages(ROOT) == {("hello-pyo3", "0.1.0")}


def test_a_function(hello: ModuleType) -> None:
    assert [hello.fahrenheit(c) for c in (-40, 0, 100.0)] == [-40.0, 32.0, 212.0]
    assert hello.fahrenheit.__doc__ == "Return a temperature in Fahrenheit."
    with pytest.raises(TypeError, match="must be real number, not str") as caught:
        hello.fahrenheit("hot")
    assert caught.value.__notes__ == ["while processing 'celsius'"]


def test_arguments(hello: ModuleType) -> None:
    assert hello.label("mug", 80) == "mug: 80.0 C"
    assert hello.label(celsius=80, name="mug", digits=3) == "mug: 80.000 C"
    with pytest.raises(TypeError, match="takes 2 positional arguments but 3 were given"):
        hello.label("mug", 80, 3)
    with pytest.raises(OverflowError):
        hello.label("mug", 80, digits=-1)


@pytest.mark.parametrize("text", ["80.5 C", "80.5C", " 80.5 ", "80.5"])
def test_a_text_that_is_a_temperature(hello: ModuleType, text: str) -> None:
    assert hello.parse(text) == 80.5


@pytest.mark.parametrize("text", ["", "C", "warm", "80,5 C", "80.5 F"])
def test_a_text_that_is_none(hello: ModuleType, text: str) -> None:
    with pytest.raises(ValueError, match="is no temperature") as caught:
        hello.parse(text)
    assert str(caught.value).startswith(f'"{text}"')


def test_a_class(hello: ModuleType) -> None:
    door = hello.Thermometer("door")
    assert (door.name, door.mean, len(door)) == ("door", None, 0)
    for celsius in (20, 22.5):
        door.record(celsius)
    assert (door.mean, len(door)) == (21.25, 2)
    assert type(door).__module__ == "hello_pyo3"
    with pytest.raises(AttributeError, match=r"'name' .* is not writable"):
        door.name = "window"
    with pytest.raises(AttributeError):
        door.sum  # noqa: B018  # Python cannot see what Rust did not show


def test_an_array_is_changed_in_place(hello: ModuleType) -> None:
    field = np.arange(12.0).reshape(3, 4)
    wanted = field.copy()
    wanted[:, ::2] += 5
    assert hello.warm(field[:, ::2], 5) is None
    np.testing.assert_array_equal(field, wanted)


def test_an_array_that_is_refused(hello: ModuleType) -> None:
    for wrong in ([1.0], np.zeros(3, np.float32), np.zeros(3, int)):
        with pytest.raises(TypeError, match="is not an instance of 'ndarray'"):
            hello.warm(wrong, 1.0)
    frozen = np.zeros(3)
    frozen.flags.writeable = False
    with pytest.raises(TypeError, match="not writeable"):
        hello.warm(frozen, 1.0)
    assert not frozen.any()
