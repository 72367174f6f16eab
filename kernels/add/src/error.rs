use thiserror::Error;

/// What a caller of this crate can get wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum AddError {
    /// The two arrays have different lengths.
    #[error("a has {a} elements and b has {b}: the lengths must be equal")]
    Length {
        /// Length of the array that is added to.
        a: usize,
        /// Length of the array that is added.
        b: usize,
    },
}
