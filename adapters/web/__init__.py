"""The local playground in a browser: one calm page that plays the coach."""
