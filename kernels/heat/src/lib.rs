//! The 2D heat equation on a rectangle, stepped explicitly.
//!
//! The equation is `du/dt = a (d2u/dx2 + d2u/dy2)`: heat flows from warm to
//! cold. Space is a grid of `nx` rows and `ny` columns, stored row by row; the
//! five-point stencil stands for the two second derivatives, and forward Euler
//! for the time. (The scheme is standard: see R. `LeVeque`, *Finite Difference
//! Methods for Ordinary and Partial Differential Equations*, SIAM 2007, ch. 9.)
//!
//! Two ways to step, and when to use which:
//!
//! - [`evolve`] is the course's classic step: it divides where the published C
//!   and Python divide, in the same order, so the results agree bit for bit.
//!   Use it to compare languages.
//! - [`evolve_steps`] takes many steps in one call, with the divisions done
//!   once before the loop. Use it when you want the answer. Its results differ
//!   from the classic ones in the last bits, because it rounds elsewhere.
//!
//! The outermost rows and columns never change (fixed, or Dirichlet,
//! boundary). A grid with fewer than 3 rows or 3 columns is all boundary.
#![forbid(unsafe_code)]

mod diffusion;
mod error;
pub mod field;
mod step;

pub use diffusion::Diffusion;
pub use error::{FieldError, HeatError};
pub use step::{evolve, evolve_steps};
