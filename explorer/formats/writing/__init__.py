"""What several writers share: bodies, quoting, and the values that are derived afresh."""
