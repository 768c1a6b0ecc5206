//! The intake queue and one submission in it.
