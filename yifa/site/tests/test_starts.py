"""What may be begun stands beside a list that comes first: a button for one, a menu for many."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string


@pytest.mark.parametrize(
    ("number", "buttons", "menu", "everywhere"), [(0, 0, 0, False), (1, 1, 0, False), (3, 3, 3, False), (4, 0, 4, True), (7, 0, 7, True)]
)
def test_one_is_a_button_and_many_are_one_menu(number: int, buttons: int, menu: int, everywhere: bool) -> None:
    starts = [{"title": f"程序{n}", "url": f"/desk/start/{n}/", "article": ""} for n in range(number)]
    page = render_to_string("part/starts.html", {"starts": starts})
    inside = page.partition("<details")[2]
    assert page.partition("<details")[0].count("<a ") == buttons
    assert inside.count("<a ") == menu
    # Up to three stand as buttons on a desk; there the menu is for phones alone.
    assert bool(inside) and "begin-phone" not in inside.partition(">")[0] if everywhere else not inside or "begin-phone" in inside
