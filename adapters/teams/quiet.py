"""Silences botbuilder's own loggers: what they report may quote a whole activity."""

import logging

_NOTHING = logging.CRITICAL + 1


def quiet() -> None:
    """Nothing passes. What fails in a turn is told by the door, as the kind of error alone."""
    for name in ("botbuilder", "botframework", "msrest", "msal"):
        logging.getLogger(name).setLevel(_NOTHING)
