//! The command `declarations`.

#![forbid(unsafe_code)]

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use declarations::{Error, Report, Source, check, kernels_header};

/// Compares declarations with the header of the library, and explains every
/// difference before anything is called.
///
/// Reads what a Python file gives to cffi (cdef) and tells ctypes (argtypes,
/// restype, _fields_), the extern "C" blocks and structs of a Rust file, and C
/// declarations (.h, .txt). Nothing of it is run.
#[derive(Parser)]
#[command(
    version,
    after_help = "Exit status: 0 when all agree, 1 when something differs, 2 when a file cannot be read."
)]
struct Args {
    /// The files to check: .py, .rs, or C in any other.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The header to compare with [default: this repository's kernels.h].
    #[arg(long)]
    header: Option<PathBuf>,
    /// What to print.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// Text with file, line and column.
    Human,
    /// One JSON object.
    Json,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let report = match run(&args) {
        Ok(report) => report,
        Err(error) => {
            eprintln!("declarations: {error}");
            return ExitCode::from(2);
        }
    };
    match args.format {
        Format::Human => print!("{report}"),
        Format::Json => match serde_json::to_string_pretty(&report) {
            Ok(json) => println!("{json}"),
            Err(error) => {
                eprintln!("declarations: cannot write the report: {error}");
                return ExitCode::from(2);
            }
        },
    }
    ExitCode::from(u8::from(!report.is_clean()))
}

fn run(args: &Args) -> Result<Report, Error> {
    let header = match &args.header {
        Some(path) => Source::read(path)?,
        None => kernels_header(),
    };
    let files: Result<Vec<Source>, Error> =
        args.files.iter().map(|path| Source::read(path)).collect();
    check(&header, &files?)
}
