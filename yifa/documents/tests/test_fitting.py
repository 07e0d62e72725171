"""The size a document begins with: reckoned from its texts, the same in every process."""

from __future__ import annotations

from itertools import pairwise

from yifa.documents.fitting import SIZES, sizes

LAYOUT = '// 注释里的汉字不印出来，再长也不算。\n#import "/blocks.typ": *\n#header(doc)\n'


def test_a_short_notice_begins_at_the_size_of_official_documents() -> None:
    assert sizes(["张样本", "2026年3月2日"], LAYOUT) == SIZES
    assert SIZES[0] == 16.0


def test_more_text_never_begins_larger() -> None:
    tried = [sizes(["占用道路经营。" * 20] * count, LAYOUT) for count in range(1, 15)]
    assert all(set(more) <= set(fewer) for fewer, more in pairwise(tried))
    assert tried[0][0] > tried[5][0]


def test_what_one_page_cannot_hold_is_not_tried_on_one_page() -> None:
    assert sizes(["占用道路经营。" * 500], LAYOUT) == ()


def test_every_size_tried_is_smaller_than_the_one_before() -> None:
    assert list(sizes(["占用道路经营。" * 60], LAYOUT)) == sorted(sizes(["占用道路经营。" * 60], LAYOUT), reverse=True)


def test_the_layouts_own_words_count_and_its_comments_do_not() -> None:
    texts = ["占用道路经营。" * 40]
    assert sizes(texts, LAYOUT + "// 说明" * 500) == sizes(texts, LAYOUT)
    assert sizes(texts, LAYOUT + "#para[" + "告知" * 300 + "]") < sizes(texts, LAYOUT)


def test_digits_and_letters_count_for_half() -> None:
    assert sizes(["0" * 1000], LAYOUT) > sizes(["字" * 1000], LAYOUT)
