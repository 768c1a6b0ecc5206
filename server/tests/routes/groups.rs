//! Same and nearly same texts.
