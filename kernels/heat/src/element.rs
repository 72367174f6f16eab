//! The number types a field may be made of.

use crate::lanes::Lanes;

/// The type of a cell in the many-step functions: `f32` or `f64`.
///
/// No other type can implement it: the kernels are tested for these two.
pub trait Element: Lanes + Default + Send + Sync {
    /// The number as this type, rounded to the nearest.
    fn from_f64(value: f64) -> Self;

    /// Whether both numbers are the same bit for bit: NaN equals itself, and
    /// 0 differs from -0.
    fn same_bits(self, other: Self) -> bool;
}

impl Element for f64 {
    #[inline(always)]
    fn from_f64(value: f64) -> Self {
        value
    }

    #[inline(always)]
    fn same_bits(self, other: Self) -> bool {
        self.to_bits() == other.to_bits()
    }
}

impl Element for f32 {
    #[inline(always)]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "to round is what the name promises"
    )]
    fn from_f64(value: f64) -> Self {
        value as f32
    }

    #[inline(always)]
    fn same_bits(self, other: Self) -> bool {
        self.to_bits() == other.to_bits()
    }
}
