//! A new migration is no change of a source file; cargo has to be told.
fn main() {
    println!("cargo:rerun-if-changed=../../migrations");
}
