"""What the rules read out of the rows of experts, opinions, risks and tasks. Pure; the rows are those of `case.MatterFacts`."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

from yifa.procedures.core import BEIJING
from yifa.procedures.known import Row

HIGHEST_FEE = 100_000  # yuan for one expert: a slip of the keyboard, not a rule of law
# A usual matrix of five by five: from which product on a risk is middle, and high. No statute says so: it only makes a person look again.
LEVEL_ORDER = ("low", "middle", "high")
MIDDLE, HIGH = 6, 15


class BranchFacts:
    """Says in words which rows do not fit together; "" when all do. Each raises Undecided while its rows are not told."""

    at: datetime
    organisation: str
    undertakers: tuple[Row, ...]
    experts: tuple[Row, ...]
    drawn: tuple[Row, ...]
    recused: tuple[Row, ...]
    opinions: tuple[Row, ...]
    expert_points: tuple[Row, ...]
    risks: tuple[Row, ...]
    existing_reports: tuple[Row, ...]
    executors: tuple[Row, ...]
    decided_on: date

    @property
    def on(self) -> date:
        return self.at.astimezone(BEIJING).date()

    @property
    def undrawn(self) -> str:
        """Experts said to be drawn whom no drawing of this matter has drawn, in words."""
        known = {(row["name"], row["field"]) for row in self.drawn}
        return "、".join(row["name"] for row in self.experts if row.get("drawn") and (row["name"], row.get("field")) not in known)

    @property
    def chosen_though_recused(self) -> str:
        """Experts chosen although they stood aside in this matter, in words; who is called alike elsewhere is another."""
        aside = {(row["name"], row["employer"]) for row in self.recused}
        aside |= {(name, None) for name, _ in aside}
        return "、".join(row["name"] for row in self.experts if (row["name"], row.get("employer")) in aside)

    @property
    def argued_unchosen(self) -> str:
        """Who gave an opinion without having been chosen, in words."""
        chosen = {row["name"] for row in self.experts}
        return "、".join(row["name"] for row in self.opinions if row["name"] not in chosen)

    @property
    def chosen_unheard(self) -> str:
        """Who was chosen and gave no opinion, in words."""
        heard = {row["name"] for row in self.opinions}
        return "、".join(row["name"] for row in self.experts if row["name"] not in heard)

    @property
    def chosen_twice(self) -> str:
        """Who stands twice for one field, in words."""
        seen = Counter((row["name"], row.get("employer"), row.get("field")) for row in self.experts)
        return "、".join(dict.fromkeys(name for (name, _, _), n in seen.items() if n > 1))

    @property
    def belonging_untold(self) -> str:
        """Who works for an undertaking body and is said not to belong to it, in words."""
        bodies = {self.organisation, *(row["name"] for row in self.undertakers)}
        return "、".join(row["name"] for row in self.experts if row.get("employer") in bodies and not row.get("belongs"))

    @property
    def overpaid(self) -> str:
        return "、".join(f"{row['name']}{row['fee']}元" for row in self.experts if row.get("fee", 0) > HIGHEST_FEE)

    @property
    def heard_twice(self) -> str:
        """Who gave more opinions than there are experts of that name, in words."""
        people = Counter(name for name, _ in {(row["name"], row.get("employer")) for row in self.experts})
        heard = Counter(row["name"] for row in self.opinions)
        return "、".join(name for name, n in heard.items() if n > max(1, people[name]))

    @property
    def answered_unheard(self) -> str:
        """Whose points are answered although he gave no opinion, in words."""
        heard = {row["name"] for row in self.opinions}
        return "、".join(dict.fromkeys(row["name"] for row in self.expert_points if row["name"] not in heard))

    @property
    def refused_bare(self) -> str:
        """Points not adopted as a whole without a reason, by who made them."""
        points = (row for row in self.expert_points if row["answer"] != "adopted" and not row.get("reason"))
        return "、".join(f"{row['name']}“{row['point'][:20]}”" for row in points)

    @property
    def heard_unanswered(self) -> str:
        """Whose opinion was not followed up, in words."""
        answered = {row["name"] for row in self.expert_points}
        return "、".join(dict.fromkeys(row["name"] for row in self.opinions if row["name"] not in answered))

    @property
    def lapsed(self) -> str:
        """Assessments there are that no longer hold, in words."""
        return "、".join(row["name"] for row in self.existing_reports if row.get("until", "9999") < self.on.isoformat())

    @property
    def all_lapsed(self) -> bool:
        """There are assessments, and none of them holds any more: to assess again repeats nothing."""
        today = self.on.isoformat()
        return bool(self.existing_reports) and all(row.get("until", "9999") < today for row in self.existing_reports)

    @property
    def tasks_before(self) -> str:
        """Tasks to be done before the decision was made, by their bodies."""
        return "、".join(row["body"] for row in self.executors if row["due_on"] < self.decided_on.isoformat())

    @property
    def scaled_risks(self) -> bool:
        """Probability and effect of every risk lie on their scales of one to five."""
        return all(1 <= row.get(key, 0) <= 5 for row in self.risks for key in ("probability", "effect"))

    @property
    def misgraded(self) -> str:
        """Risks whose grade is lower than probability × effect suggests, in words."""
        return "、".join(str(row.get("risk", "")) for row in self.risks if LEVEL_ORDER.index(row["level"]) < _suggested(row))


def _suggested(row: Row) -> int:
    product: int = row["probability"] * row["effect"]
    return (product >= MIDDLE) + (product >= HIGH)
