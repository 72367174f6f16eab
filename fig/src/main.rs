//! The command `fig`: draws the figures of what was measured.

#![forbid(unsafe_code)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use fig::{Error, figures, source};

/// Draws the figures of what was measured, as SVG.
///
/// What was measured on this machine is used if it is there, else the newest
/// committed record.
#[derive(Parser)]
#[command(version)]
struct Args {
    /// The folder with what was measured on this machine: race.json and so on.
    #[arg(long, default_value = "fig")]
    measured: PathBuf,
    /// Draw the committed records, whatever was measured on this machine.
    #[arg(long)]
    only_records: bool,
    /// The folder of committed records, each a folder that is named by its date.
    #[arg(long, default_value = "fig/records")]
    records: PathBuf,
    /// The folder to write the figures to.
    #[arg(long, default_value = "fig")]
    out: PathBuf,
}

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("fig: {error}");
            ExitCode::FAILURE
        }
    }
}

/// All figures are drawn before the first is written: on an error, the ones
/// of an earlier run stay together.
fn run(args: &Args) -> Result<(), Error> {
    let measured = (!args.only_records).then_some(args.measured.as_path());
    let mut drawn = Vec::new();
    for name in figures::DOCUMENTS {
        if let Some(source) = source::find(name, measured, &args.records)? {
            let drawings = figures::draw_all(name, source.subject())?;
            drawn.push((source, drawings));
        }
    }
    if drawn.is_empty() {
        return Err(Error::Nothing {
            measured: args.measured.clone(),
            records: args.records.clone(),
        });
    }
    fs::create_dir_all(&args.out).map_err(|error| cannot_write(&args.out, error))?;
    for (source, drawings) in drawn {
        println!("{source}");
        for drawing in drawings {
            let path = args.out.join(drawing.file_name);
            fs::write(&path, drawing.svg).map_err(|error| cannot_write(&path, error))?;
            println!("{}", path.display());
        }
    }
    Ok(())
}

fn cannot_write(path: &Path, source: std::io::Error) -> Error {
    Error::Write {
        path: path.to_owned(),
        source,
    }
}
