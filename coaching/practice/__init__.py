"""Practice with an upset customer who is not there: a game that findings move, seeded and pure."""
