"""Starts and ends the processes: demo, serve, work. Each says what it does and ends cleanly on Ctrl-C."""
