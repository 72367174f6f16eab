//! Walls around a learner's code.
//!
//! `workbook sandbox SPEC` is the keeper: it starts the command behind walls
//! ([`bubblewrap`], or [`landlock`] where there is none), watches what all its
//! processes use ([`monitor`]), ends everything when it is too much, and reports how it
//! ended to the judge, over a socket that the command does not have.
//! `workbook enter` is the first program inside: it takes the last rights away from
//! itself ([`enter`]) and becomes the command.

pub mod bubblewrap;
pub mod enter;
pub mod isolation;
pub mod keeper;
pub mod landlock;
pub mod monitor;
pub mod network;
pub mod specification;
