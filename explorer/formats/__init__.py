"""File formats. One file, one format, read and written in one place."""
