//! Pages as a browser gets them.

mod contrast;
mod gallery;
mod markup;
mod snapshots;
