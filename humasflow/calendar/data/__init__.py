"""Days that a public-relations office knows by heart. ``confidence`` "general": widely known, no source retrieved."""
