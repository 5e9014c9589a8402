"""Where a wording may be proposed and consented to, and how the consent stands among a review's steps. Pure."""

IN_REVIEW = frozenset({"section_review", "office_review"})
# Before the leading group decides, or of what stands approved: after that the text is the group's.
PROPOSABLE = IN_REVIEW | {"returned", "approved"}
ANSWERABLE = PROPOSABLE | {"draft"}
CONSENT = "consent"  # the review step of a consent
MAX_ITEMS = 300  # at once; each consent is an act of its own
