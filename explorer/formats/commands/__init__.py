"""Command lines of curl as they stand in scripts and in shells: read, never run.

`shell` makes words of text, `options` knows which of them are options, `curl` what they mean, `requests` what is sent.
"""
