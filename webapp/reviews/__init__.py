"""The review chain: seats, acts, problems, recorded decisions and approvals over revisions of any record."""
