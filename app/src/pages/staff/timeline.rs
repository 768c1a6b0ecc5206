//! Extension, links, copies and planned days of a theme.
