"""People, their accounts, sections, posts and terms of office, the leading group, and sign-in."""
