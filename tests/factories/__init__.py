"""What tests start from: whole offices with people, and short ways to a pitch, a story, a post, a publication."""
