//! The queue, its counts, identity and corrections.
