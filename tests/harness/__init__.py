"""What the tests stand on: databases, servers and browsers, real ones, started once and handed out clean."""
