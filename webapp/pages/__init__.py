"""What each screen shows: one module per screen, a frozen dataclass and a function that only reads."""
