"""The privacy proof: a text nobody else wrote goes through the vent, then every place is searched for it."""
