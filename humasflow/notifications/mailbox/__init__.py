"""What comes back and what comes in: stopping mail without signing in, the office's mailbox with its bounces, and
pitches sent by mail.
"""
