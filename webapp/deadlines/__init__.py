"""The calendar of working days as the bureau keeps it, on which limits are counted, and leases on recurring work."""
