"""The calendar and the parameters are read by whoever signs in."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from yifa.kernel.calendar import pages as calendar_pages
from yifa.kernel.parameters import pages as parameter_pages
from yifa.kernel.people.models import Person

pytestmark = pytest.mark.django_db


def shown(view: object, **kwargs: int) -> str:
    request = RequestFactory().get("/")
    request.user = Person(login="a", name="甲")
    assert callable(view)
    return str(view(request, **kwargs).content.decode())


def test_a_year_lists_the_days_its_notice_moved() -> None:
    page = shown(calendar_pages.year, year=2026)
    assert "2026年部分节假日安排" in page
    assert "01-01 周四 至 01-03 周六，共 3 日" in page, "one line for a holiday"
    assert '<td data-label="调休上班">01-04 周日</td>' in page


def test_a_year_without_a_notice_says_so() -> None:
    assert "尚未公布" in shown(calendar_pages.year, year=2027)


def test_parameters_are_shown_with_their_articles() -> None:
    page = shown(parameter_pages.parameters)
    assert "当场处罚备案期限" in page
    assert "《市场监督管理行政处罚程序规定》第七十条" in page
    assert "条号待核" in page
