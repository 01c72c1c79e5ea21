"""Notices in Telegram, from the office's own bot to people who linked their chat with it.

The bot writes; what people write to it is only heard for linking and for stopping. Nothing is ever decided in a chat.
"""
