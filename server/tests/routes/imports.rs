//! Bulk import, and undoing it.
