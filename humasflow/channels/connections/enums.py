"""States of a connection, and whose app keys there are."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class ConnectionState(StrEnum):
    """Of a connection that exists; an account without one is posted to by hand."""

    CONNECTED = "connected"
    NEEDS_REAUTH = "needs_reauth"  # the channel lets us in no longer: a person has to connect anew

    @property
    def label(self) -> str:
        """For people."""
        return str(_STATES[self])


class AppProvider(StrEnum):
    """With whom an office registers an application of its own."""

    META = "meta"  # Facebook Pages and Instagram
    THREADS = "threads"
    X = "x"
    GOOGLE = "google"
    TIKTOK = "tiktok"
    MASTODON = "mastodon"  # one for each server, made by itself

    @property
    def label(self) -> str:
        """For people."""
        return _PROVIDERS[self]


_STATES = {
    ConnectionState.CONNECTED: _l("Tersambung"),
    ConnectionState.NEEDS_REAUTH: _l("Perlu disambungkan ulang"),
}
_PROVIDERS = {
    AppProvider.META: "Meta (Facebook, Instagram)",
    AppProvider.THREADS: "Threads",
    AppProvider.X: "X",
    AppProvider.GOOGLE: "Google (YouTube)",
    AppProvider.TIKTOK: "TikTok",
    AppProvider.MASTODON: "Mastodon",
}
