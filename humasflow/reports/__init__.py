"""What leaves the office as a document: periodic reports, evidence packs, press releases, the day's schedule."""
