"""公开审查 as tests need it, settled by a named person; the telephone of somebody who said something."""

from __future__ import annotations

from yifa.participation.clearing import Cleared

CLEARED = Cleared("public", "王样本", secrecy_passed=True)
COMMENTER_PHONE = "13200004321"
