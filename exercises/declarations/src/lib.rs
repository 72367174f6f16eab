//! Declarations checked before they bite.
//!
//! A call from Python or Rust into C is made from a declaration that the caller
//! wrote by hand: cffi's `cdef`, ctypes' `argtypes`, `restype` and `_fields_`, a
//! Rust `extern "C"` block. Nothing compares it with the library; where it is
//! wrong, numbers come out wrong or the process dies. This crate compares it with
//! the library's header and explains every difference, from the text alone:
//! nothing of the learner's is run. What only a run could tell is a note.
//!
//! Two spellings of one type are no difference, and neither are the names of
//! parameters (unless they are the header's own in another order).

#![forbid(unsafe_code)]

mod compare;
mod explain;
mod model;
mod read;
mod report;
mod source;

use std::path::{Path, PathBuf};

use self::model::{Caller, Declarations};
use self::source::Excerpt;

pub use self::report::{Finding, Kind, Report, Severity};
pub use self::source::{Place, Source};

/// What keeps the checker from checking.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A header has no function and no struct in it.
    #[error("{0} declares no function and no struct: is it the header?")]
    EmptyHeader(String),
}

/// The header of this repository's library, as it was when this was compiled.
pub fn kernels_header() -> Source {
    Source {
        name: "kernels.h".to_owned(),
        text: include_str!("../../../kernels/capi/include/kernels.h").to_owned(),
    }
}

/// Compares the declarations in these files with the header. A name that ends in
/// `.py` is read as Python, `.rs` as Rust, and everything else as C.
///
/// # Errors
///
/// [`Error::EmptyHeader`] when there is nothing to compare with.
pub fn check(header: &Source, files: &[Source]) -> Result<Report, Error> {
    let theirs = read_c(header);
    if theirs.functions.is_empty() && theirs.structs.is_empty() {
        return Err(Error::EmptyHeader(header.name.clone()));
    }
    let mut report = Report {
        header: header.name.clone(),
        files: files.iter().map(|file| file.name.clone()).collect(),
        functions: 0,
        structs: 0,
        findings: Vec::new(),
    };
    for file in files {
        let extension = Path::new(&file.name).extension();
        let yours = match extension.and_then(|extension| extension.to_str()) {
            Some("py" | "pyi") => read::python::read(file),
            Some("rs") => read::rust::read(file),
            _ => read_c(file),
        };
        compare::compare(file, &theirs, &yours, &mut report);
    }
    Ok(report)
}

fn read_c(source: &Source) -> Declarations {
    let mut reader = read::c::Reader::new(source);
    reader.read(Excerpt::whole(source), Caller::Blind);
    reader.finish()
}
