"""Complaints and opinions (投诉、举报、咨询、建议、纠错) taken in by staff, and worked off walled from their target."""
