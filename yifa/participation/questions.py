"""The questions of a questionnaire: what may be asked, how an answer is read, how answers are counted. Pure.

As the database keeps a question: `{"key": "q1", "kind": "single", "text": "…", "options": ["…", …], "must": true}`. As it keeps an answer:
the number of the option (0 …), a list of them, 1 to 5, or a text; a question left out has none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yifa.kernel.refusing import RejectedError
from yifa.participation.veiling import clean, is_said

SINGLE, MULTIPLE, SCALE, TEXT = "single", "multiple", "scale", "text"
KINDS: dict[str, str] = {SINGLE: "单选", MULTIPLE: "多选", SCALE: "打分（1 到 5）", TEXT: "填写"}
SCALE_LABELS = ("1 很不赞成", "2 不太赞成", "3 一般", "4 比较赞成", "5 很赞成")
MOST, MOST_OPTIONS, LONGEST_QUESTION, LONGEST_OPTION, LONGEST_TEXT = 30, 20, 300, 100, 1000
Answer = int | list[int] | str


@dataclass(frozen=True)
class Question:
    """One question. `must`: a sheet without an answer to it is not taken."""

    key: str
    kind: str
    text: str
    options: tuple[str, ...] = ()
    must: bool = True

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Question:
        return cls(kept["key"], kept["kind"], kept["text"], tuple(kept["options"]), kept["must"])

    @property
    def kept(self) -> dict[str, Any]:
        return {"key": self.key, "kind": self.kind, "text": self.text, "options": list(self.options), "must": self.must}

    @property
    def labels(self) -> tuple[str, ...]:
        """What is chosen from; nothing where one writes."""
        return SCALE_LABELS if self.kind == SCALE else self.options

    @property
    def choices(self) -> list[tuple[str, str]]:
        """As a form sends it, and its words."""
        first = 1 if self.kind == SCALE else 0
        return [(str(n), words) for n, words in enumerate(self.labels, first)]


def drawn(earlier: Sequence[Question], *, kind: str, text: str, options: str, must: bool) -> list[Question]:
    """The questions with one more; `options` one a line. Raises RejectedError when it cannot be asked so."""
    words, lines = clean(text), [line.strip() for line in clean(options).splitlines() if line.strip()]
    if len(earlier) >= MOST:
        raise RejectedError(f"一份问卷最多 {MOST} 题")
    if kind not in KINDS:
        raise RejectedError("请选择题型")
    if not 2 <= len(words) <= LONGEST_QUESTION:
        raise RejectedError(f"请写明题目，不超过 {LONGEST_QUESTION} 字")
    chosen = kind in (SINGLE, MULTIPLE)
    if chosen and not 2 <= len(lines) <= MOST_OPTIONS:
        raise RejectedError(f"请写 2 到 {MOST_OPTIONS} 个选项，每行一个")
    if chosen and (len(set(lines)) < len(lines) or any(len(line) > LONGEST_OPTION for line in lines)):
        raise RejectedError(f"选项不能重复，每个不超过 {LONGEST_OPTION} 字")
    used = {question.key for question in earlier}
    key = next(f"q{n}" for n in range(1, MOST + 2) if f"q{n}" not in used)
    return [*earlier, Question(key, kind, words, tuple(lines) if chosen else (), must)]


def read(questions: Sequence[Question], sent: Mapping[str, Sequence[str]]) -> dict[str, Answer]:
    """A sheet as it was sent. Raises RejectedError naming the question that is not answered, or not in the way it is asked."""
    found = {}
    for number, question in enumerate(questions, 1):
        answer = _answer(number, question, [clean(value) for value in sent.get(question.key, ())])
        if answer is not None:
            found[question.key] = answer
        elif question.must:
            raise RejectedError(f"第{number}题还没有回答：{question.text}")
    if not found:
        raise RejectedError("请至少回答一题")
    return found


def _answer(number: int, question: Question, values: Sequence[str]) -> Answer | None:
    given = [value for value in values if is_said(value)]
    if not given:
        return None
    if question.kind == TEXT:
        if len(given[0]) > LONGEST_TEXT:
            raise RejectedError(f"第{number}题不超过 {LONGEST_TEXT} 字")
        return given[0]
    allowed = {value: int(value) for value, _ in question.choices}
    if any(value not in allowed for value in given) or (question.kind != MULTIPLE and len(given) > 1):
        raise RejectedError(f"第{number}题请从列出的选项中选择")
    numbers = sorted({allowed[value] for value in given})
    return numbers if question.kind == MULTIPLE else numbers[0]


@dataclass(frozen=True)
class Result:
    """How a question was answered: `answered` sheets, and for each option its words, how many chose it, and that in parts of a thousand."""

    question: Question
    answered: int
    options: tuple[tuple[str, int, int], ...]


def results(questions: Sequence[Question], sheets: Iterable[Mapping[str, Answer]]) -> list[Result]:
    """Counted in one pass. Parts are of those who answered this question, rounded half up; of a multiple choice more than all."""
    answered: Counter[str] = Counter()
    chosen: Counter[tuple[str, int]] = Counter()
    for sheet in sheets:
        answered.update(sheet.keys())
        for key, value in sheet.items():
            chosen.update((key, number) for number in (value if isinstance(value, list) else [value]) if isinstance(number, int))
    return [_result(question, answered[question.key], chosen) for question in questions]


def _result(question: Question, answered: int, chosen: Mapping[tuple[str, int], int]) -> Result:
    counts = [(words, chosen.get((question.key, int(value)), 0)) for value, words in question.choices]
    return Result(question, answered, tuple((words, count, _parts(count, answered)) for words, count in counts))


def _parts(count: int, whole: int) -> int:
    return (2000 * count + whole) // (2 * whole) if whole else 0


def percent(parts: int) -> str:
    """625 as 62.5%."""
    return f"{parts // 10}.{parts % 10}%"
