"""The contexts this installation runs: one line each. Handed down to the interpreter, the follower, the desk and the lints."""

from __future__ import annotations

from yifa.decisions.context import DECISIONS
from yifa.enforcement.context import ENFORCEMENT
from yifa.normative.context import NORMATIVE

CONTEXTS = (ENFORCEMENT, NORMATIVE, DECISIONS)
