//! The C skin: every kernel as a C function, in one shared library.
//!
//! `include/kernels.h` is generated from this crate and is its manual. There
//! are two layers:
//!
//! - [`classic`]: the course's own symbols `add`, `fibo` and `evolve`, with
//!   their published signatures. They return nothing, so on bad input they
//!   change nothing and leave a message for [`kernels_last_error`].
//! - everything else: the checked functions `kernels_*`. They return a status,
//!   write outputs only on success, and never let a panic out.
//!
//! A function here converts its arguments, calls the kernel, and converts the
//! result back. Checks of values and all arithmetic stay in the kernels.

pub mod addition;
pub mod classic;
mod convert;
pub mod fibonacci;
pub mod heat;
mod live;
pub mod message;
pub mod pointers;
pub mod status;

pub use message::kernels_last_error;
