"""registry-explorer: step through the conversations of the Docker / OCI registry API."""

__version__ = "0.1.0"
