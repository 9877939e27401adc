"""Rules, wording, safety texts and their reader: everything the coach knows and says, as data."""
