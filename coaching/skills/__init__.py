"""What the coach can do: one pure function a skill."""
