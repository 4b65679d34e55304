"""One file, one verb: its command is named `verb`."""
