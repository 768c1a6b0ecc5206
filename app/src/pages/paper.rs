//! Printed things: 意見用紙 and poster.
