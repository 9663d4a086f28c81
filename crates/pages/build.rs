//! The macro that compiles the assets in does not tell cargo which files it read.
fn main() {
    println!("cargo:rerun-if-changed=assets");
}
