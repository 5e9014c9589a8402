"""The calendar of working days as the bureau keeps it; clocks and limits will stand on it."""
