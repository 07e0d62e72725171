"""Conflict hints: every rule of 立法法 98–106 at its boundary, in both orders."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest

from yifa.laws import conflicts
from yifa.laws.conflicts import RULES, STANDING, STATE_COUNCIL, SURE, UNSURE, Hint, L, Provision, Told, hint, ranks

DAY = date(2020, 1, 1)
LATER = date(2022, 1, 1)
PROVINCE, CITY, OTHER_CITY, OTHER_PROVINCE, COUNTY = "150000", "150100", "150200", "620000", "150121"


def of(kind: str, region: str = "", **more: object) -> Provision:
    return replace(Provision(f"甲{kind}{region}", kind, DAY, DAY, region=region), **more)  # type: ignore[arg-type]  # fields by name


FL, XZFG, JCFG, BMGZ, SFJS, XF, DNFG = (of(kind) for kind in ("FL", "XZFG", "JCFG", "BMGZ", "SFJS", "XF", "DNFG"))
REG_P, REG_C = of("DFXFG-P", PROVINCE), of("DFXFG-C", CITY)
GOV_P, GOV_C = of("DFZFGZ-P", PROVINCE), of("DFZFGZ-C", CITY)
DOC_P, DOC_C = of("GFXWJ-G", PROVINCE), of("GFXWJ-G", CITY)
OWN_ACT = of("DXTL", CITY)


def ask(a: Provision, b: Provision, **told: object) -> tuple[Hint, str | None]:
    """The hint and the name of the winner; asked in both orders, the answer is the same."""
    given = Told(**told)  # type: ignore[arg-type]  # fields by name
    turned = Told(given.act_on, *(None if each is None else 1 - each for each in (given.special, given.kinder)))
    one, other = hint(a, b, given), hint(b, a, turned)
    names = [None if each.winner is None else pair[each.winner].name for each, pair in ((one, (a, b)), (other, (b, a)))]
    assert names[0] == names[1]
    assert (one.rule, one.refer, one.cites) == (other.rule, other.refer, other.cites)
    return one, names[0]


@pytest.mark.parametrize(
    ("above", "below", "article"),
    [
        (XF, FL, L[98]),
        (XF, DOC_C, L[98]),
        (XF, SFJS, L[98]),
        (FL, XZFG, L[99].kuan(1)),
        (FL, REG_P, L[99].kuan(1)),
        (FL, GOV_C, L[99].kuan(1)),
        (FL, BMGZ, L[99].kuan(1)),
        (XZFG, REG_P, L[99].kuan(2)),
        (XZFG, BMGZ, L[99].kuan(2)),
        (REG_P, GOV_P, L[100].kuan(1)),
        (REG_P, GOV_C, L[100].kuan(1)),
        (REG_C, GOV_C, L[100].kuan(1)),
        (GOV_P, GOV_C, L[100].kuan(2)),
        (REG_P, REG_C, L[81].kuan(1)),
        (FL, JCFG, L[118]),
    ],
)
def test_the_higher_provision_prevails(above: Provision, below: Provision, article: object) -> None:
    found, winner = ask(above, below)
    assert (winner, found.confidence) == (above.name, SURE)
    assert article in found.cites
    assert not found.refer


@pytest.mark.parametrize(
    ("one", "two", "organ", "article"),
    [
        (REG_P, BMGZ, STATE_COUNCIL, L[106].kuan(1).xiang(2)),
        (REG_C, BMGZ, STATE_COUNCIL, L[106].kuan(1).xiang(2)),
        (of("BMGZ", makers=("某部",)), of("BMGZ", makers=("某局",)), STATE_COUNCIL, L[102]),
        (BMGZ, GOV_P, STATE_COUNCIL, L[106].kuan(1).xiang(3)),
        (BMGZ, GOV_C, STATE_COUNCIL, L[106].kuan(1).xiang(3)),
        (REG_C, GOV_P, "省、自治区人民代表大会常务委员会", L[81].kuan(2)),
        (of("XZFG", delegated=True), FL, STANDING, L[106].kuan(2)),
        (SFJS, FL, STANDING, L[119]),
        (JCFG, XZFG, STANDING, L[118]),
    ],
)
def test_equal_rank_has_no_winner_but_who_decides(one: Provision, two: Provision, organ: str, article: object) -> None:
    found, winner = ask(one, two)
    assert winner is None
    assert organ in found.refer
    assert article in found.cites


def test_a_regulation_of_one_city_says_nothing_to_the_rule_of_another() -> None:
    for one, two in ((REG_C, of("DFZFGZ-C", OTHER_CITY)), (REG_P, of("DFXFG-P", OTHER_PROVINCE)), (of("DFXFG-P", OTHER_PROVINCE), GOV_C)):
        found, winner = ask(one, two)
        assert (winner, found.refer, found.rule) == (None, "", "适用区域")


def test_a_variation_prevails_in_its_area_only_when_it_is_one() -> None:
    for higher in (FL, XZFG, REG_P):
        found, winner = ask(of("DXTL", CITY, varies=True), higher)
        assert winner == OWN_ACT.name
        assert found.cites == (L[101].kuan(1),)
        assert found.confidence != SURE
    assert ask(OWN_ACT, FL)[1] == FL.name
    assert ask(of("DXTL", CITY, varies=True), XF)[1] == XF.name
    zone, winner = ask(of("DFXFG-C", CITY, varies=True, delegated=True), FL)
    assert winner == REG_C.name
    assert zone.cites == (L[101].kuan(2),)
    # A department's rule is not among what may be varied by the words of 101.
    assert ask(of("DXTL", CITY, varies=True), BMGZ)[1] is None
    # No mark on a government's rule makes it a variation.
    assert ask(of("DFZFGZ-C", CITY, varies=True), FL)[1] == FL.name


def test_the_same_organ_special_before_general_and_new_before_old() -> None:
    old, new = of("XZFG", name="旧条例"), of("XZFG", name="新条例", made_on=LATER)
    plain, winner = ask(old, new)
    assert winner == "新条例"
    assert "旧条例是特别规定" in plain.reservations[-1]
    special, winner = ask(old, new, special=1)
    assert (winner, special.confidence, special.cites) == ("新条例", SURE, (L[103],))
    referred, winner = ask(old, new, special=0)
    assert (winner, referred.refer) == (None, STATE_COUNCIL)
    assert L[105].kuan(2) in referred.cites


def test_new_means_later_by_a_day_and_the_same_day_decides_nothing() -> None:
    one, next_day = of("DFZFGZ-C", CITY, name="甲"), of("DFZFGZ-C", CITY, name="乙", made_on=DAY + timedelta(days=1))
    assert ask(one, next_day)[1] == "乙"
    same, winner = ask(one, replace(next_day, made_on=DAY))
    assert (winner, same.confidence) == (None, UNSURE)
    # On the same day the special provision still prevails.
    assert ask(one, replace(next_day, made_on=DAY), special=0)[1] == "甲"


@pytest.mark.parametrize(
    ("kind", "region", "organ"),
    [("FL", "", STANDING), ("XZFG", "", STATE_COUNCIL), ("DFXFG-C", CITY, "制定机关"), ("BMGZ", "", "制定机关")],
)
def test_new_general_and_old_special_goes_to_the_organ_of_105_and_106(kind: str, region: str, organ: str) -> None:
    old, new = of(kind, region, makers=("某机关",)), of(kind, region, makers=("某机关",), name="新", made_on=LATER)
    found, winner = ask(old, new, special=0)
    assert winner is None
    assert found.refer.startswith(organ)


def test_laws_of_the_congress_and_of_its_committee_are_one_organ_with_a_doubt() -> None:
    basic = of("FL", makers=("全国人民代表大会",))
    found, winner = ask(basic, of("FL", makers=(STANDING,), name="新法", made_on=LATER))
    assert winner == "新法"
    assert "不同意见" in found.reservations[0]


def test_two_departments_are_not_one_organ_and_joint_makers_are() -> None:
    alone, joint = of("BMGZ", makers=("某部",)), of("BMGZ", makers=("某局", "某部"), made_on=LATER, name="新")
    assert ask(alone, joint)[1] == "新"
    assert ask(BMGZ, of("BMGZ", made_on=LATER))[1] is None


def test_the_later_text_does_not_reach_back_unless_it_is_kinder() -> None:
    old = of("FL", name="旧法", ended_on=LATER)
    new = of("FL", name="新法", made_on=LATER, effective_on=LATER)
    before = LATER - timedelta(days=1)
    assert ask(old, new, act_on=before)[1] == "旧法"
    assert ask(old, new, act_on=before)[0].reservations
    assert not ask(old, new, act_on=before, kinder=0)[0].reservations
    kinder, winner = ask(old, new, act_on=before, kinder=1)
    assert (winner, kinder.cites) == ("新法", (L[104],))
    assert ask(old, new, act_on=LATER)[1] == "新法"
    # What has ended does not come back for being kinder.
    assert ask(old, new, act_on=LATER, kinder=0)[1] == "新法"
    assert ask(old, new, act_on=DAY - timedelta(days=1))[0].rule == "行为时都不适用"


def test_time_comes_before_rank() -> None:
    law = of("FL", effective_on=LATER, made_on=LATER)
    assert ask(law, BMGZ, act_on=DAY)[1] == BMGZ.name
    assert ask(law, BMGZ, act_on=LATER)[1] == law.name


def test_a_normative_document_is_below_every_law_regulation_and_rule() -> None:
    for above in (FL, XZFG, REG_P, GOV_P, REG_C, GOV_C):
        found, winner = ask(above, of("GFXWJ-D", CITY))
        assert winner == above.name
        assert any("行政处罚法" in note for note in found.reservations)
    # Rank says nothing of a city's rule against the province's document, or a department's rule against the State Council's.
    assert ask(GOV_C, DOC_P)[1] is None
    assert ask(BMGZ, of("GFXWJ-G"))[1] is None
    assert ask(XZFG, of("GFXWJ-G"))[1] == XZFG.name


def test_between_normative_documents() -> None:
    assert ask(DOC_P, DOC_C)[1] == DOC_P.name
    assert ask(DOC_C, of("GFXWJ-G", COUNTY))[1] == DOC_C.name
    assert ask(DOC_C, of("GFXWJ-D", CITY))[1] == DOC_C.name
    peers, winner = ask(of("GFXWJ-D", CITY, makers=("甲局",)), of("GFXWJ-D", CITY, makers=("乙局",)))
    assert (winner, peers.refer) == (None, "本级人民政府")
    assert ask(of("GFXWJ-D", PROVINCE), DOC_C)[1] is None
    assert ask(of("GFXWJ-D", CITY, makers=("甲局",)), of("GFXWJ-D", CITY, makers=("甲局",), made_on=LATER, name="新"))[1] == "新"


def test_party_documents_are_not_compared() -> None:
    found, winner = ask(DNFG, XF)
    assert (winner, found.refer, found.cites) == (None, "", ())


def test_every_pair_of_kinds_has_an_answer_in_words() -> None:
    every = (XF, FL, XZFG, JCFG, REG_P, REG_C, of("ZZTL", CITY), OWN_ACT, BMGZ, GOV_P, GOV_C, SFJS, DOC_P, of("GFXWJ-D", CITY), DNFG)
    for a, b in product(every, every):
        found, _ = ask(a, replace(b, name="乙"))
        assert found.why.endswith("。")
        assert found.winner is not None or found.refer or found.rule in {"党内法规另列", "适用区域", "司法解释另列"}
        assert found.cites or found.rule == "党内法规另列"


def test_no_rule_lets_the_lower_rank_prevail_without_a_reason_of_time_or_variation() -> None:
    every = (XF, FL, XZFG, JCFG, REG_P, REG_C, of("ZZTL", CITY), OWN_ACT, BMGZ, GOV_P, GOV_C, DOC_P, of("GFXWJ-D", CITY))
    for a, b in product(every, every):
        found = hint(a, b)
        if found.winner is not None and a.kind != b.kind:
            assert ranks()[(a, b)[found.winner].kind] > ranks()[(b, a)[found.winner].kind]


def test_every_rule_says_its_sentence_and_answers_somewhere() -> None:
    assert all(rule.sentence.endswith("。") for rule in RULES)
    assert len({rule.title for rule in RULES}) == len(RULES)


def test_who_may_correct_follows_108() -> None:
    assert [organ for organ, _ in conflicts.correctors(GOV_C)] == [STATE_COUNCIL, "本级人民代表大会常务委员会", "省、自治区人民政府"]
    assert conflicts.correctors(BMGZ) == ((STATE_COUNCIL, L[108].xiang(3)),)
    assert conflicts.correctors(XZFG)[0][0] == STANDING
    assert conflicts.correctors(DOC_C)[0][0] == "上一级人民政府"
