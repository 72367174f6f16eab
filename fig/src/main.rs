//! The command `fig`: draws the race's figures from the measured JSON.

#![forbid(unsafe_code)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use fig::{Error, figures, source};

/// Draws the race's figures from the measured JSON, as SVG.
///
/// The race of this machine is used if it is there, else the newest committed
/// record.
#[derive(Parser)]
#[command(version)]
struct Args {
    /// The race of this machine.
    #[arg(long, default_value = "fig/race.json")]
    race: PathBuf,
    /// The folder of committed records; the greatest file name is the newest.
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
    let source = source::find(&args.race, &args.records)?;
    println!("{source}");
    let drawings = figures::draw_all(&source.race, source.origin)?;
    fs::create_dir_all(&args.out).map_err(|error| cannot_write(&args.out, error))?;
    for drawing in drawings {
        let path = args.out.join(drawing.file_name);
        fs::write(&path, drawing.svg).map_err(|error| cannot_write(&path, error))?;
        println!("{}", path.display());
    }
    Ok(())
}

fn cannot_write(path: &Path, source: std::io::Error) -> Error {
    Error::Write {
        path: path.to_owned(),
        source,
    }
}
