"""The journal: what was done, by whom, in an append-only, hash-chained list; and the security log beside it."""
