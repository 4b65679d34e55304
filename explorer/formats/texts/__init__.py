"""What is found in a text: command lines, transcripts, logs, and a mixture of them, as bug reports have it.

`cleaning` makes lines of what was pasted, `scanners/` know one kind of text each, `assembly` makes exchanges of what
they find, `reading` drives it all. Texts are held as one character per byte, as the wire is.
"""
