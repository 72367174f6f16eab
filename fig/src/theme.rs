//! Colours and marks, for light and for dark pages.
//!
//! The hues follow the palettes of Okabe and Ito (2008) and Paul Tol, darkened
//! or lightened until they stand out from their background, and they stay
//! apart for readers with a colour vision deficiency. A mode also has its own
//! mark, so no reader needs the colour.

use plotters::style::RGBColor;

use crate::race::{Kind, Mode};

/// The colours of one page.
#[derive(Debug, Clone, Copy)]
pub struct Theme {
    /// `light` or `dark`: the end of the file's name.
    pub name: &'static str,
    /// Behind all.
    pub background: RGBColor,
    /// Behind every second row of a figure of rows.
    pub stripe: RGBColor,
    /// Headings, labels and values.
    pub text: RGBColor,
    /// Text that explains.
    pub muted: RGBColor,
    /// Grid lines.
    pub grid: RGBColor,
    /// Axis lines.
    pub axis: RGBColor,
    /// The raw C API, the copy and the crossovers: what is compared against.
    pub reference: RGBColor,
    /// Pure Python.
    pub python: RGBColor,
    /// `NumPy`.
    pub numpy: RGBColor,
    /// `ctypes`.
    pub ctypes: RGBColor,
    /// All modes of `cffi`: one library, one colour, four marks.
    pub cffi: RGBColor,
    /// `PyO3`.
    pub pyo3: RGBColor,
    /// Modes that are here for comparison.
    pub comparison: RGBColor,
}

/// For pages with a light background.
pub const LIGHT: Theme = Theme {
    name: "light",
    background: RGBColor(0xFF, 0xFF, 0xFF),
    stripe: RGBColor(0xF5, 0xF7, 0xF9),
    text: RGBColor(0x1F, 0x23, 0x28),
    muted: RGBColor(0x57, 0x60, 0x6A),
    grid: RGBColor(0xE1, 0xE5, 0xEA),
    axis: RGBColor(0x9A, 0xA3, 0xAD),
    reference: RGBColor(0xA8, 0x32, 0x7A),
    python: RGBColor(0x1F, 0x23, 0x28),
    numpy: RGBColor(0x00, 0x72, 0xB2),
    ctypes: RGBColor(0x00, 0x69, 0x5C),
    cffi: RGBColor(0xB3, 0x74, 0x00),
    pyo3: RGBColor(0xC0, 0x28, 0x1C),
    comparison: RGBColor(0x86, 0x8E, 0x98),
};

/// For pages with a dark background.
pub const DARK: Theme = Theme {
    name: "dark",
    background: RGBColor(0x14, 0x18, 0x1E),
    stripe: RGBColor(0x1B, 0x20, 0x28),
    text: RGBColor(0xE6, 0xEA, 0xF0),
    muted: RGBColor(0xA3, 0xAD, 0xB9),
    grid: RGBColor(0x2C, 0x33, 0x3D),
    axis: RGBColor(0x66, 0x70, 0x7C),
    reference: RGBColor(0xF0, 0xA0, 0xCC),
    python: RGBColor(0xE6, 0xEA, 0xF0),
    numpy: RGBColor(0x56, 0xB4, 0xE9),
    ctypes: RGBColor(0x1F, 0xBF, 0x9F),
    cffi: RGBColor(0xE8, 0xB9, 0x3A),
    pyo3: RGBColor(0xFF, 0x6B, 0x5E),
    comparison: RGBColor(0x7A, 0x84, 0x90),
};

/// The shape of a measured point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shape {
    /// A circle.
    Circle,
    /// A square.
    Square,
    /// A square on its corner.
    Diamond,
    /// A triangle that points up.
    Up,
    /// A triangle that points down.
    Down,
    /// A triangle that points left.
    Left,
    /// A triangle that points right.
    Right,
}

/// How one mode is drawn.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Its colour.
    pub color: RGBColor,
    /// The shape of its points.
    pub shape: Shape,
    /// An outline instead of a filled shape.
    pub hollow: bool,
    /// Part of the course, and not there for comparison.
    pub strong: bool,
}

impl Theme {
    /// How `mode` is drawn: the same in each figure.
    ///
    /// A mode this crate has not heard of takes the colour of its kind.
    #[must_use]
    pub fn style(&self, mode: &Mode) -> Style {
        let (shape, hollow) = mark(&mode.name);
        Style {
            color: self.color(mode),
            shape,
            hollow,
            strong: mode.kind != Kind::Comparison,
        }
    }

    /// The same, half way to the background.
    #[must_use]
    pub fn faded(&self, style: Style) -> Style {
        let RGBColor(red, green, blue) = style.color;
        let back = self.background;
        Style {
            color: RGBColor(
                red.midpoint(back.0),
                green.midpoint(back.1),
                blue.midpoint(back.2),
            ),
            ..style
        }
    }

    fn color(&self, mode: &Mode) -> RGBColor {
        match (mode.kind, mode.name.as_str()) {
            (Kind::Comparison, _) => self.comparison,
            (_, "python") => self.python,
            (_, "numpy") => self.numpy,
            (_, "ctypes") => self.ctypes,
            (_, name) if name.starts_with("cffi") => self.cffi,
            (_, "pyo3") => self.pyo3,
            // The rungs of the heat kernel: plain sweeps, the kernel, and the
            // kernel in single precision.
            (_, "published" | "hoisted" | "swapped" | "vectors") => self.numpy,
            (_, "skew-1") => self.pyo3,
            (_, "skew-2") => self.cffi,
            (_, name) if name.starts_with("single-") => self.ctypes,
            // The kernels of this course, which are called through PyO3.
            (_, name) if name.starts_with("ours") => self.pyo3,
            _ => self.muted,
        }
    }
}

/// The mark of a mode; shape and filling together tell all known modes apart
/// within one colour.
fn mark(name: &str) -> (Shape, bool) {
    match name {
        "numpy" => (Shape::Square, false),
        "ctypes" => (Shape::Down, false),
        "cffi-abi" => (Shape::Up, false),
        "cffi-abi-inline" => (Shape::Up, true),
        "cffi-api" => (Shape::Diamond, false),
        "cffi-verify" => (Shape::Diamond, true),
        "capi" => (Shape::Square, true),
        "cython" => (Shape::Left, true),
        "numba" => (Shape::Right, true),
        "nanobind" => (Shape::Circle, true),
        "published-c" => (Shape::Down, true),
        "published" => (Shape::Down, false),
        "hoisted" => (Shape::Square, true),
        "swapped" => (Shape::Square, false),
        "vectors" => (Shape::Up, false),
        "skew-2" | "single-2" => (Shape::Diamond, false),
        _ => (Shape::Circle, false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The contrast ratio of two colours, as WCAG 2.1 defines it: 1 to 21.
    fn contrast(one: RGBColor, other: RGBColor) -> f64 {
        let (a, b) = (luminance(one), luminance(other));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    fn luminance(RGBColor(red, green, blue): RGBColor) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.040_45 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }

    #[test]
    fn text_and_marks_stand_out() {
        for theme in [LIGHT, DARK] {
            for back in [theme.background, theme.stripe] {
                for text in [theme.text, theme.muted, theme.reference] {
                    assert!(contrast(text, back) >= 4.5, "{}: {text:?}", theme.name);
                }
                for color in [
                    theme.python,
                    theme.numpy,
                    theme.ctypes,
                    theme.cffi,
                    theme.pyo3,
                    theme.comparison,
                ] {
                    assert!(contrast(color, back) >= 3.0, "{}: {color:?}", theme.name);
                }
            }
        }
    }
}
