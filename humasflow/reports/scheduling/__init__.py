"""Reports that go out by themselves: a schedule, its recipients, and each turn of it that was delivered."""
