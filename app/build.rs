//! Tells cargo that the wording is part of the program.

fn main() {
    println!("cargo:rerun-if-changed=locales");
}
