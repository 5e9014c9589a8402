"""Requests not to publish a power (不公开申请) and the register of those decided (涉密不宜公开职权目录)."""
