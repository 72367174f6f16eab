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
//! - [`evolve_steps`] takes many steps in one call, of `f64` or `f32` cells: the
//!   divisions are done once before the loop, the grid goes through memory once
//!   for many steps, and large grids are shared by threads. Use it when you want
//!   the answer. Its results differ from the classic ones in the last bits,
//!   because it rounds elsewhere. [`evolve_steps_simple`] is the same without
//!   the cleverness and with the same bits; [`evolve_steps_with`] lets you
//!   choose how the work is cut.
//!
//! The outermost rows and columns never change (fixed, or Dirichlet,
//! boundary). A grid with fewer than 3 rows or 3 columns is all boundary.
#![forbid(unsafe_code)]

mod diffusion;
mod element;
mod error;
pub mod field;
mod grid;
mod lanes;
mod plan;
mod skew;
mod step;
mod team;
mod tiles;
mod trip;

pub use diffusion::Diffusion;
pub use element::Element;
pub use error::{FieldError, FieldSizeError, HeatError};
pub use plan::Plan;
pub use skew::{evolve_steps, evolve_steps_with};
pub use step::{evolve, evolve_steps_simple};
