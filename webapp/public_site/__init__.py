"""The public site: serves a bundle, answers searches on it, and knows nothing else - no database, no accounts."""

from webapp.public_site.app import create_public_app

__all__ = ["create_public_app"]
