"""The flow chart of a procedure."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest

from yifa.enforcement.procedures.summary_penalty import SummaryPenalty
from yifa.procedures import draw
from yifa.procedures.core import Done, Progress
from yifa.site.command import main

NOW = datetime(2026, 11, 22, tzinfo=UTC)
SVG = "{http://www.w3.org/2000/svg}"


def boxes(svg: str) -> dict[str, ElementTree.Element]:
    root = ElementTree.fromstring(svg)  # noqa: S314  our own text
    return {group.attrib["data-step"]: group for group in root.iter(f"{SVG}g")}


def frame(box: ElementTree.Element) -> tuple[float, float, float, float]:
    rect = box.find(f"{SVG}rect")
    assert rect is not None
    x, y, width, height = (float(rect.attrib[key]) for key in ("x", "y", "width", "height"))
    return x, y, x + width, y + height


def progress(*steps: str) -> Progress:
    return Progress(len(steps), tuple(Done(n, step, NOW, NOW, "person:1") for n, step in enumerate(steps, start=1)))


def test_every_step_has_a_box_with_its_title_and_article() -> None:
    found = boxes(draw.svg(SummaryPenalty))
    assert set(found) == set(SummaryPenalty.steps)
    for name, step in SummaryPenalty.steps.items():
        said = "".join(found[name].itertext())
        assert step.articles[0].locator in said
        assert step.title in said


def test_boxes_do_not_overlap_and_stay_inside() -> None:
    svg = draw.svg(SummaryPenalty)
    frames = [frame(box) for box in boxes(svg).values()]
    for number, (left, top, right, bottom) in enumerate(frames):
        for other in frames[:number]:
            assert right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top
    view = re.search(r'viewBox="(-?\d+) 0 (\d+) (\d+)"', svg)
    assert view is not None
    x, width, height = map(int, view.groups())
    assert all(left >= x and right <= x + width and bottom <= height for left, _, right, bottom in frames)
    assert width <= 1100


def test_a_step_lies_below_what_it_waits_for() -> None:
    found = {name: frame(box) for name, box in boxes(draw.svg(SummaryPenalty)).items()}
    for name, step in SummaryPenalty.steps.items():
        for group in SummaryPenalty.before(step):
            assert all(found[one.name][3] <= found[name][1] for one in group)


def test_states_are_told_by_class_mark_and_words() -> None:
    found = boxes(draw.svg(SummaryPenalty, progress("show_badge", "establish"), open_now=["inform", "no_penalty"], refused=["no_penalty"]))
    assert found["establish"].attrib["class"] == "step done"
    assert found["inform"].attrib["class"] == "step next"
    assert found["no_penalty"].attrib["class"] == "step refused"
    assert found["close"].attrib["class"] == "step future"
    assert "✓" in "".join(found["establish"].itertext())
    assert "现在可以办理" in "".join(found["inform"].itertext())
    assert all(box.attrib["class"] == "step" for box in boxes(draw.svg(SummaryPenalty)).values())


def test_without_the_case_the_order_alone_says_what_is_next() -> None:
    found = boxes(draw.svg(SummaryPenalty, progress("show_badge")))
    assert found["establish"].attrib["class"] == "step next"
    assert found["inform"].attrib["class"] == "step future"


def test_the_verb_prints_the_chart_or_says_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["procedures", "draw", "summary_penalty"]) == 0
    assert capsys.readouterr().out.startswith("<svg ")
    assert main(["procedures", "draw", "nothing"]) == 1
    assert "nothing" in capsys.readouterr().err
