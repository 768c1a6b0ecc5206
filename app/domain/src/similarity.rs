//! Same and near-same texts: mass submissions are grouped so that staff read and answer them once. Nothing is rejected
//! by it, and the original texts stay as they are.
//!
//! Two texts are the same *variant* when their [`key`]s are equal, and in the same *group* when the keys resemble each
//! other by [`NEAR`] or more. Keys, [`hash`]es, [`Signature`]s and bands are stored: they must never change.

mod burst;
mod cluster;
mod differences;
mod grouper;
mod index;
mod key;
mod minhash;
mod resembling;
mod script;
mod side;
mod terms;

pub use burst::{BURST_SIZE, BURST_WINDOW_MS, Burst, is_burst, peak};
pub use cluster::{Cluster, clusters};
pub use differences::{Piece, PieceKind, differences};
pub use grouper::{Grouper, Placement};
pub use index::terms;
pub use key::{hash, key};
pub use minhash::{NEAR, Signature, resemblance, signature};
pub use resembling::{Resembling, resembling};

pub(crate) use differences::same_runs;
pub(crate) use minhash::{jaccard, shingles};
pub(crate) use script::{Script, script};
