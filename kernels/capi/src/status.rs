//! What a checked function returns, and how it comes to that.

use std::any::Any;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The call succeeded and wrote its outputs.
pub const KERNELS_OK: i32 = 0;
/// A pointer is null that must not be.
pub const KERNELS_ERROR_NULL: i32 = 1;
/// A pointer is not aligned for its type.
pub const KERNELS_ERROR_ALIGNMENT: i32 = 2;
/// A size is negative, or larger than any memory.
pub const KERNELS_ERROR_SIZE: i32 = 3;
/// Two arrays overlap that must not.
pub const KERNELS_ERROR_OVERLAP: i32 = 4;
/// The shapes of two arrays differ. No C function returns this: here one size
/// stands for both arrays. Bindings that know the shapes of their arrays do.
pub const KERNELS_ERROR_SHAPE: i32 = 5;
/// A parameter has a value that the kernel does not allow.
pub const KERNELS_ERROR_PARAMETER: i32 = 6;
/// The time step is beyond the stability limit.
pub const KERNELS_ERROR_UNSTABLE: i32 = 7;
/// The result does not fit in its type.
pub const KERNELS_ERROR_OVERFLOW: i32 = 8;
/// A division by zero.
pub const KERNELS_ERROR_DIVISION_BY_ZERO: i32 = 9;
/// A string is not UTF-8.
pub const KERNELS_ERROR_ENCODING: i32 = 10;
/// The caller's callback asked to stop.
pub const KERNELS_ERROR_CALLBACK: i32 = 11;
/// A handle, string or buffer is not (or no longer) one of this library's.
pub const KERNELS_ERROR_HANDLE: i32 = 12;
/// There is not enough memory.
pub const KERNELS_ERROR_MEMORY: i32 = 13;
/// The kernel panicked. This is a bug in the library; nothing else is harmed.
pub const KERNELS_ERROR_PANIC: i32 = 14;

thread_local! {
    static LAST_ERROR: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Why a checked call did not succeed.
#[derive(Debug)]
pub(crate) struct Failure {
    status: i32,
    message: String,
}

impl Failure {
    pub(crate) fn new(status: i32, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { status, message }
    }

    fn from_panic(payload: &(dyn Any + Send)) -> Self {
        let text = payload
            .downcast_ref::<&str>()
            .copied()
            .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
            .unwrap_or("no message");
        Self::new(KERNELS_ERROR_PANIC, format!("the kernel panicked: {text}"))
    }
}

/// Runs the body of an exported function: an error or a panic becomes a status
/// and a message, and nothing unwinds into the caller.
pub(crate) fn guard(body: impl FnOnce() -> Result<(), Failure>) -> i32 {
    // Unwind safety: outputs are written last and only on success, and the
    // library's own tables are behind locks that recover from a panic.
    let failure = match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(())) => return KERNELS_OK,
        Ok(Err(failure)) => failure,
        Err(payload) => Failure::from_panic(&*payload),
    };
    // In a thread that is ending, the message may be gone before the caller's
    // own destructors run: they get the status alone.
    let _ = LAST_ERROR.try_with(|last| last.replace(failure.message));
    failure.status
}

/// Shows this thread's last message, or an empty one in a thread that is ending.
pub(crate) fn with_last_error<T>(read: impl Fn(&str) -> T) -> T {
    LAST_ERROR
        .try_with(|message| read(&message.borrow()))
        .unwrap_or_else(|_| read(""))
}

/// Forgets this thread's last message; an ending thread has none.
pub(crate) fn clear_last_error() {
    let _ = LAST_ERROR.try_with(RefCell::take);
}

impl From<add::AddError> for Failure {
    fn from(error: add::AddError) -> Self {
        Self::new(KERNELS_ERROR_SHAPE, error.to_string())
    }
}

impl From<fibonacci::FibonacciError> for Failure {
    fn from(error: fibonacci::FibonacciError) -> Self {
        Self::new(KERNELS_ERROR_OVERFLOW, error.to_string())
    }
}

impl From<heat::HeatError> for Failure {
    fn from(error: heat::HeatError) -> Self {
        use heat::HeatError as E;
        let status = match error {
            E::Shape { .. } | E::Layout { .. } => KERNELS_ERROR_SHAPE,
            E::Parameter { .. } => KERNELS_ERROR_PARAMETER,
            E::Unstable { .. } => KERNELS_ERROR_UNSTABLE,
        };
        Self::new(status, error.to_string())
    }
}

impl From<pointers::PointerError> for Failure {
    fn from(error: pointers::PointerError) -> Self {
        use pointers::PointerError as E;
        let status = match error {
            E::DivisionByZero { .. } => KERNELS_ERROR_DIVISION_BY_ZERO,
            E::QuotientOverflow { .. } | E::Samples { .. } => KERNELS_ERROR_OVERFLOW,
            E::Memory { .. } => KERNELS_ERROR_MEMORY,
            E::Empty => KERNELS_ERROR_SIZE,
            E::Stride
            | E::NegativeSamples { .. }
            | E::NameLength { .. }
            | E::Intervals
            | E::Bounds { .. }
            | E::TooFew { .. } => KERNELS_ERROR_PARAMETER,
        };
        Self::new(status, error.to_string())
    }
}

#[cfg(test)]
mod tests {
    //! What no C program can bring about. All the rest is tested from C.

    use super::*;

    /// In C one size stands for both arrays, so their shapes cannot differ.
    #[test]
    fn different_shapes_have_a_status_of_their_own() {
        let add = Failure::from(add::AddError::Length { a: 2, b: 3 });
        let heat = Failure::from(heat::HeatError::Shape {
            u: (2, 3),
            u_previous: (3, 2),
        });
        assert_eq!(add.status, KERNELS_ERROR_SHAPE);
        assert_eq!(heat.status, KERNELS_ERROR_SHAPE);
    }

    /// `kernels_panic` panics with a `String`. A panic can carry other things.
    #[test]
    fn every_kind_of_panic_is_a_status() {
        assert_eq!(guard(|| panic!("a literal")), KERNELS_ERROR_PANIC);
        assert_eq!(LAST_ERROR.take(), "the kernel panicked: a literal");
        assert_eq!(guard(|| std::panic::panic_any(7)), KERNELS_ERROR_PANIC);
        assert_eq!(LAST_ERROR.take(), "the kernel panicked: no message");
    }
}
