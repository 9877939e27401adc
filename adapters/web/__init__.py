"""The local playground in a browser."""
