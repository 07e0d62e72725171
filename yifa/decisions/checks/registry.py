"""Every check, term of dueness and red line there is. Importing this module is what registers them. Pure."""

from __future__ import annotations

from yifa.decisions.checks import s1, s2, s3, s4, s5, s6, s7
from yifa.decisions.checks.core import CHECKS
from yifa.decisions.checks.due import DUE
from yifa.decisions.checks.red_lines import RED_LINES

POINTS = (s1, s2, s3, s4, s5, s6, s7)

__all__ = ["CHECKS", "DUE", "POINTS", "RED_LINES"]
