//! The one binary of machikoe.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "this is the command line")]

use std::process::ExitCode;

use clap::{Parser as _, error::ErrorKind};

mod commands;

fn main() -> ExitCode {
    let arguments = match commands::Arguments::try_parse() {
        Ok(arguments) => arguments,
        // A setting that can't be read is a line like every other wrong setting; help and usage are clap's own.
        Err(error) if error.kind() == ErrorKind::ValueValidation => {
            let text = error.to_string();
            eprintln!("machikoe: {}", text.lines().next().unwrap_or_default().trim_start_matches("error: "));
            return ExitCode::FAILURE;
        }
        Err(error) => error.exit(),
    };
    if let Some(code) = arguments.run_alone() {
        return code;
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("machikoe: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(commands::run(arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // One clear line.
            eprintln!("machikoe: {error:#}");
            ExitCode::FAILURE
        }
    }
}
