"""What a model wrote: what it is given, and the guards its words pass before anybody sees them. Pure."""
