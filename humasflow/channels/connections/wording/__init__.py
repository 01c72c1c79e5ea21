"""What people read about connecting: what to make where, and what an answer of a channel means."""
