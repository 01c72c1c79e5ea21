"""What a table can be: one kind a file, each with its columns, its checks, how its rows are written and taken back."""
