"""Colours that the colour-blind can tell apart: those of the figures (fig/src/theme.rs)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Palette:
    """The colours of one screen."""

    background: str
    stripe: str
    text: str
    muted: str
    grid: str
    axis: str
    reference: str
    python: str
    numpy: str
    ctypes: str
    cffi: str
    pyo3: str
    comparison: str

    def of(self, mode: str) -> str:
        """Return the colour of a mode: its family's."""
        families = {
            "python": self.python,
            "numpy": self.numpy,
            "ctypes": self.ctypes,
            "cffi": self.cffi,
            "pyo3": self.pyo3,
            "capi": self.reference,
        }
        return families.get(mode.partition("-")[0], self.comparison)


LIGHT = Palette(
    background="#FFFFFF",
    stripe="#F5F7F9",
    text="#1F2328",
    muted="#57606A",
    grid="#E1E5EA",
    axis="#9AA3AD",
    reference="#A8327A",
    python="#1F2328",
    numpy="#0072B2",
    ctypes="#00695C",
    cffi="#B37400",
    pyo3="#C0281C",
    comparison="#868E98",
)
DARK = Palette(
    background="#14181E",
    stripe="#1B2028",
    text="#E6EAF0",
    muted="#A3ADB9",
    grid="#2C333D",
    axis="#66707C",
    reference="#F0A0CC",
    python="#E6EAF0",
    numpy="#56B4E9",
    ctypes="#1FBF9F",
    cffi="#E8B93A",
    pyo3="#FF6B5E",
    comparison="#7A8490",
)
