"""What the coach knows and does: values in, values out, the standard library only."""
