//! The one binary of machikoe.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "this is the command line")]

use std::process::ExitCode;

use clap::Parser as _;

mod commands;

fn main() -> ExitCode {
    let arguments = commands::Arguments::parse();
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
