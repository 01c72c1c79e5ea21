"""Word lists of the checks, one file each."""
