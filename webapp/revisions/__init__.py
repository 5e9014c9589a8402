"""Records under review of any kind: one draft each, immutable revisions, the listing by which they are found."""
