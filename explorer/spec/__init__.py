"""What the specification says: digests, names, locations, ranges, media types, errors. Pure functions and values."""
