"""Shape and wording of the room's forms."""
