"""The order of a case file's papers and their pages (市场监督管理行政处罚程序规定第七十八条)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from yifa.dossiers.catalogue import Paper, Place, arrange

START = datetime(2026, 11, 2, tzinfo=UTC)


def paper(key: str, place: Place, minutes: int, pages: int | None = 1, proves: str | None = None) -> Paper:
    return Paper(key=key, title=key, place=place, at=START + timedelta(minutes=minutes), pages=pages, proves=proves)


def test_main_and_secondary_volume_in_statutory_order() -> None:
    # Given in the order of time, which is not the order of the file.
    papers = [
        paper("案源登记", Place.LEAD, 0),
        paper("立案审批表", Place.FILING, 1),
        paper("现场照片", Place.EVIDENCE, 2),
        paper("终结报告", Place.REPORT, 3, pages=4),
        paper("审核意见", Place.REVIEW, 4),
        paper("告知书", Place.ISSUED, 5),
        paper("告知书送达回证", Place.ISSUED, 6, proves="告知书"),
        paper("听证笔录", Place.HEARING, 7, pages=9),
        paper("听证报告", Place.HEARING_REPORT, 8),
        paper("决定书", Place.DECISION, 9, pages=3),
        paper("责令改正通知书", Place.ISSUED, 10),
        paper("决定书送达回证", Place.ISSUED, 11, proves="决定书"),
        paper("票据", Place.RECEIPT, 12),
        paper("结案审批表", Place.CLOSING, 13),
        paper("其他", Place.OTHER, 14),
        paper("内部其他", Place.INNER, 15),
    ]
    main, secondary = arrange(papers)
    assert [line.paper.key for line in main.lines] == [
        "立案审批表", "决定书", "决定书送达回证", "告知书", "告知书送达回证", "责令改正通知书", "现场照片", "听证笔录", "票据", "其他",
    ]  # fmt: skip
    assert [line.span for line in main.lines] == ["1", "2-4", "5", "6", "7", "8", "9", "10-18", "19", "20"]
    assert [line.paper.key for line in secondary.lines] == ["案源登记", "终结报告", "审核意见", "听证报告", "结案审批表", "内部其他"]
    assert [line.span for line in secondary.lines] == ["1", "2-5", "6", "7", "8", "9"]


def test_recordings_stand_at_their_place_with_one_page_for_their_sheet() -> None:
    main, secondary = arrange(
        [paper("照片", Place.EVIDENCE, 0), paper("录像", Place.EVIDENCE, 1, pages=None), paper("笔录", Place.EVIDENCE, 2, pages=2)]
    )
    assert [(line.paper.key, line.span) for line in main.lines] == [("照片", "1"), ("录像", "2"), ("笔录", "3-4")]
    assert [line.spoken for line in main.lines] == ["第1页", "第2页", "第3页至第4页"]
    assert (main.pages, secondary.pages, secondary.lines) == (4, 0, ())


@given(st.lists(st.tuples(st.sampled_from(Place), st.integers(0, 50), st.none() | st.integers(1, 30)), max_size=30))
def test_every_paper_is_listed_once_and_pages_run_without_gap(found: list[tuple[Place, int, int | None]]) -> None:
    papers = [paper(str(n), place, minutes, pages) for n, (place, minutes, pages) in enumerate(found)]
    volumes = arrange(papers)
    assert sorted(line.paper.key for volume in volumes for line in volume.lines) == sorted(p.key for p in papers)
    for volume in volumes:
        used = [page for line in volume.lines if line.first and line.last for page in range(line.first, line.last + 1)]
        assert used == list(range(1, volume.pages + 1))
        assert [line.paper.place for line in volume.lines] == sorted(line.paper.place for line in volume.lines)
