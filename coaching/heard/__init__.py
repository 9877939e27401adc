"""What customers keep saying: which remarks say the same, whatever order they came in."""
