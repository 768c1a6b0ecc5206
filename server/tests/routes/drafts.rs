//! Versions of the draft and their anchors.
