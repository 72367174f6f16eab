//! The way from the published heat loop to the fast kernel, a rung at a time,
//! and what this machine allows at best.
//!
//! - [`rungs`]: each adds one idea to the one before it. The rungs above them are
//!   the kernel itself, `heat::evolve_steps`, on one thread and on more.
//! - [`roofs`]: loops that do nothing but move memory, or nothing but compute.
//!   No kernel is faster than these.
//! - [`c`]: both as C functions, so that Python can time them in turns with
//!   `np.copyto`, on the same arrays and in the same process.
//!
//! `make ladder` measures them; the page `lessons/fast-heat.md` explains them. To
//! compute something, use `heat` itself.

pub mod c;
pub mod roofs;
pub mod rungs;
