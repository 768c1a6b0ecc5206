//! The draft (素案) for reading.
