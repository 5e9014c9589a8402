"""Powers 职权: what an entry holds, how it is checked, cut in parts, filled in and written to tables."""
