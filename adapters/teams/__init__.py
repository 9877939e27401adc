"""Microsoft Teams: checks what comes in, turns activities into values and values into Adaptive Cards."""
