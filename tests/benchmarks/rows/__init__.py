"""The rows: one file, one subject; each function declared with `@row` is found by itself."""
