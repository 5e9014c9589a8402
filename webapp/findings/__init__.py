"""What inspections, complaints and ledgers found: findings, rectification orders, cards, up to their closure."""
