"""Everything an office owns, written out and read back into an empty installation."""
