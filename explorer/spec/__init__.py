"""What the specification says: digests, names, locations, ranges, media types, error bodies. Pure functions and values."""
