use thiserror::Error;

/// What a caller of this crate can get wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum FibonacciError {
    /// F(n) is larger than the largest number of the type.
    #[error("fibonacci({n}) does not fit in {type_name}")]
    Overflow {
        /// The index that was asked for.
        n: u64,
        /// The Rust name of the integer type.
        type_name: &'static str,
    },
    /// The sum of one step is larger than the largest number of the type.
    #[error("fibonacci step: {a} + {b} does not fit in {type_name}")]
    StepOverflow {
        /// The smaller of the two numbers.
        a: i128,
        /// The larger of the two numbers.
        b: i128,
        /// The Rust name of the integer type.
        type_name: &'static str,
    },
}
