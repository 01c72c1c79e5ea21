"""Production roles (peran produksi): what a person does for a story. Data of the office, like its content types."""
