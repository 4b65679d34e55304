"""Looking into bodies of any size: windows of a file or of bytes, never the whole of what is not in memory already."""
