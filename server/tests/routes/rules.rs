//! The ward's rules and the timeline of a theme.
