"""公开审查 as tests need it: settled by a named person."""

from __future__ import annotations

from yifa.participation.clearing import Cleared

CLEARED = Cleared("public", "王样本", secrecy_passed=True)
