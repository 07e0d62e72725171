"""Opinions on a draft taken apart by the clause they speak of, and freed of numbers that lead to a person. Pure."""

from __future__ import annotations

import re

_NUMERAL = r"[零〇一二两三四五六七八九十百千\d]+"
# An article of the draft itself: not the one of a law that the opinion rests on (《行政处罚法》第三条, 该条例第八条).
_CLAUSE = re.compile(rf"(?<![》法例])第{_NUMERAL}条(?:之{_NUMERAL})?(?:第{_NUMERAL}款)?")
# Mobile telephones, identity numbers, addresses of electronic mail.
_PERSONAL = re.compile(r"(?<!\d)(?:1[3-9]\d(?:[ -]?\d{4}){2}|\d{17}[\dXx])(?!\d)|[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)


def by_clause(text: str) -> list[tuple[str, str]]:
    """(clause, opinion) in order: a line that names an article begins an opinion of its own, any other goes on with the one before."""
    found: list[tuple[str, str]] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        named = _CLAUSE.search(line)
        if named or not found:
            found.append((named[0] if named else "", line))
        else:
            clause, so_far = found[-1]
            found[-1] = (clause, f"{so_far}\n{line}")
    return found


def without_numbers(text: str) -> str:
    """What somebody wrote, without the telephone and identity numbers and mail addresses he may have put into it."""
    return _PERSONAL.sub("［联系方式略］", text)
