use thiserror::Error;

use crate::LONGEST_NAME;

/// What a caller of this crate can get wrong.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum PointerError {
    /// A walk with stride 0 never ends.
    #[error("stride is 0: it must be at least 1")]
    Stride,
    /// Division by zero.
    #[error("{dividend} / 0: the divisor must not be 0")]
    DivisionByZero {
        /// The number to be divided.
        dividend: i64,
    },
    /// The quotient is one larger than the largest `i64`.
    #[error("{dividend} / {divisor} does not fit in i64")]
    QuotientOverflow {
        /// The number to be divided.
        dividend: i64,
        /// The number to divide by.
        divisor: i64,
    },
    /// There is no largest of no numbers.
    #[error("the array has 0 elements: it must have at least 1")]
    Empty,
    /// A name is empty or too long.
    #[error("the name has {length} bytes: it must have 1 to {max}", max = LONGEST_NAME)]
    NameLength {
        /// Length of the name in bytes of UTF-8.
        length: usize,
    },
    /// An integral over no intervals.
    #[error("intervals is 0: it must be at least 1")]
    Intervals,
    /// A bound of an integral is infinite or NaN.
    #[error("the bounds are {low} and {high}: both must be finite")]
    Bounds {
        /// Lower bound.
        low: f64,
        /// Upper bound.
        high: f64,
    },
    /// A sensor's samples outgrow their counter.
    #[error("{samples} samples and 1 more do not fit in i32")]
    Samples {
        /// Samples counted so far.
        samples: i32,
    },
    /// A counter of samples is below 0.
    #[error("samples = {samples} is negative: it must be 0 or more")]
    NegativeSamples {
        /// The counter.
        samples: i32,
    },
    /// The memory asked for is not there.
    #[error("there is no memory for {count} numbers of 8 bytes")]
    Memory {
        /// Numbers asked for.
        count: usize,
    },
    /// Statistics of too few numbers.
    #[error("the statistics hold {count} numbers: this needs at least {needed}")]
    TooFew {
        /// Numbers pushed so far.
        count: u64,
        /// Numbers that the question needs.
        needed: u64,
    },
}
