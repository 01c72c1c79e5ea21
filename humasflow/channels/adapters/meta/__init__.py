"""The platforms of Meta: Facebook Pages, Instagram, Threads. All speak the Graph API, each a little differently."""
