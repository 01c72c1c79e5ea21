"""The days a new office begins with."""
