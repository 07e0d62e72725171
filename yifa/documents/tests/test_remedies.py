"""Who reviews, and what the party is told about it."""

from __future__ import annotations

import pytest

from yifa.documents import remedies
from yifa.documents.remedies import Organ, Remedy, reviewing_organ

BANNER = Organ("土默特右旗人民政府", "萨拉齐镇政府路1号", "0472-0000001")
LEAGUE = Organ("锡林郭勒盟行政公署", "锡林浩特市公署路1号", "0479-0000001")
BODY = Organ("示范综合行政执法局", "示范路3号", "0472-0000002")


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (remedies.DEPARTMENT, BANNER),
        (remedies.AUTHORIZED, BANNER),
        (remedies.GOVERNMENT, LEAGUE),
        (remedies.AGENCY, LEAGUE),
        (remedies.VERTICAL, LEAGUE),
    ],
)
def test_a_department_is_reviewed_by_its_own_government_a_government_from_above(kind: str, expected: Organ) -> None:
    assert reviewing_organ(kind, same_level=BANNER, above=LEAGUE) == expected


def test_a_body_of_a_league_is_reviewed_by_the_administrative_office() -> None:
    organ = reviewing_organ(remedies.DEPARTMENT, same_level=LEAGUE, above=BANNER)
    assert "向锡林郭勒盟行政公署申请行政复议（地址：锡林浩特市公署路1号，电话：0479-0000001）" in Remedy(organ, BODY, True).sentences()[0]


def test_an_unknown_kind_of_body_is_refused() -> None:
    with pytest.raises(ValueError, match="reviews"):
        reviewing_organ("club", same_level=BANNER, above=LEAGUE)


def test_on_the_spot_reconsideration_comes_first_and_may_go_through_the_body() -> None:
    told = "".join(Remedy(BANNER, BODY, True).sentences())
    for sentence in (
        "自收到本决定书之日起六十日内",
        "应当先申请行政复议",
        "也可以交作出本决定的示范综合行政执法局",
        "之日起十五日内，向有管辖权的人民法院提起行政诉讼",
    ):
        assert sentence in told
    assert "六个月" not in told
    assert "《行政复议法》第二十条、第二十三条、第三十二条、《行政诉讼法》第四十五条" in told


def test_otherwise_the_party_may_choose_the_court_within_six_months() -> None:
    told = "".join(Remedy(BANNER, BODY, False, paper="通知书").sentences())
    assert "也可以自收到本通知书之日起六个月内，直接向有管辖权的人民法院提起行政诉讼" in told
    assert "应当先申请行政复议" not in told
    assert "第四十六条" in told


def test_a_decision_served_online_names_the_online_way() -> None:
    assert (
        "也可以通过互联网提交：https://example.invalid/fy" in Remedy(BANNER, BODY, True, online="https://example.invalid/fy").sentences()[0]
    )
