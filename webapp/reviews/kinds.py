"""The kinds of record that pass the chain."""

from webapp.flows.kind import FLOW
from webapp.powers.kind import POWER
from webapp.withholdings.kind import WITHHOLDING

KINDS = {kind.key: kind for kind in (FLOW, POWER, WITHHOLDING)}
