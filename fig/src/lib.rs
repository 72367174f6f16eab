//! Draws the figures of what was measured, from the JSON.
//!
//! **What.** Each figure in a light and a dark version, as SVG text. The race has three:
//! what one call costs ([`figures::overhead`]), how time grows with the size
//! of the arrays ([`figures::size`]), and how many cells of the heat equation
//! are updated in a second ([`figures::heat`]). Scaling has two: what more
//! processes gain ([`figures::scaling`]), and what steps without an exchange
//! gain ([`figures::halo`]).
//!
//! **How.** [`source::find`] picks the file, [`race::Race`] holds what it
//! says, [`figures::draw_all`] turns it into SVG. Nothing here measures, and
//! no number is typed in: each one is read from the file.
//!
//! **When not.** To look at one race closely, open the JSON itself: the
//! figures show medians and quartiles, not each sample.

#![forbid(unsafe_code)]

pub mod canvas;
pub mod error;
pub mod figures;
pub mod race;
pub mod source;
pub mod text;
pub mod theme;
pub mod units;

pub use error::Error;
