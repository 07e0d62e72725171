"""Which of two provisions on one matter to apply, as 立法法 98–106 orders them: an explainable list of rules. Pure.

Always a hint, never a conclusion: a rule names the provision that prevails, or the organ that decides, with its article, how sure that
is and why in words; a person chooses and says why. The first rule that has something to say answers; `RULES` is the list as it is read.
What dates and titles do not tell (which provision is the special one, which is kinder to the party) the person says, or it stays open.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

from yifa.kernel.citing import Article, Law
from yifa.laws.places import BANNER, LEAGUE, NATION, PROVINCE, level_of

L = Law("立法法", "2023-03-13")
LOCAL_BODIES = Law("地方各级人民代表大会和地方各级人民政府组织法", "2022-03-11")
BUSINESS = Law("优化营商环境条例", "2019-10-22")
PENALTY = Law("行政处罚法", "2021-01-22")
LICENSING = Law("行政许可法", "2019-04-23")
COERCION = Law("行政强制法", "2011-06-30")

SURE, LIKELY, UNSURE = "较有把握", "供参考", "把握不大"
STANDING, STATE_COUNCIL = "全国人民代表大会常务委员会", "国务院"
REGULATIONS = frozenset({"DFXFG-P", "DFXFG-C"})  # 地方性法规
AUTONOMOUS = frozenset({"ZZTL", "DXTL"})  # 自治条例、单行条例
RULES_OF_GOVERNMENTS = frozenset({"DFZFGZ-P", "DFZFGZ-C"})
RULES_OF_ALL = RULES_OF_GOVERNMENTS | {"BMGZ"}
DOCUMENTS = frozenset({"GFXWJ-G", "GFXWJ-D"})
_DEPTH = {NATION: 0, PROVINCE: 1, LEAGUE: 2, BANNER: 3}


@dataclass(frozen=True)
class Provision:
    """One side. `kind` is a code of types.toml, `region` a code ("" the nation), `made_on` the day its text was adopted or last amended.

    `varies`: it varies higher law as an autonomous area or a special zone may (立法法 84, 85). `delegated`: made under an authorisation of
    the congress. `effective_on` and `ended_on` (the first day after) are those of the text.
    """

    name: str
    kind: str
    made_on: date
    effective_on: date
    ended_on: date | None = None
    makers: tuple[str, ...] = ()
    region: str = ""
    varies: bool = False
    delegated: bool = False

    def applies(self, on: date) -> bool:
        return self.effective_on <= on and (self.ended_on is None or on < self.ended_on)

    @property
    def depth(self) -> int:
        """0 the nation, 1 province, 2 city, 3 county and below."""
        return _DEPTH[level_of(self.region)]

    @property
    def is_local(self) -> bool:
        """A text of a congress of the place: 地方性法规, 自治条例 or 单行条例."""
        return self.kind in REGULATIONS | AUTONOMOUS


@dataclass(frozen=True)
class Told:
    """What only a person can say: the day of the act judged, and which of the two (0, 1) is special, which kinder to the party."""

    act_on: date | None = None
    special: int | None = None
    kinder: int | None = None


@dataclass(frozen=True)
class Hint:
    """`winner` is 0 or 1, or None; then `refer` names who decides, "" where there is nothing to decide."""

    rule: str
    winner: int | None
    refer: str
    cites: tuple[Article, ...]
    confidence: str
    why: str
    reservations: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """What one rule says of a pair in the order it was shown them."""

    why: str
    cites: tuple[Article, ...]
    winner: int | None = None
    refer: str = ""
    confidence: str = SURE
    reservations: tuple[str, ...] = ()


Judge = Callable[[Provision, Provision, Told], Answer | None]


@dataclass(frozen=True)
class Rule:
    """One rule; its sentence is the docstring of the function that judges."""

    title: str
    judge: Judge = field(repr=False)

    @property
    def sentence(self) -> str:
        return (self.judge.__doc__ or "").strip()


@cache
def ranks() -> dict[str, int]:
    """Rank by kind, for the kinds that have one (types.toml)."""
    table = tomllib.loads((Path(__file__).parent / "types.toml").read_text(encoding="utf-8"))
    return {kind: row["rank"] for kind, row in table.items() if "rank" in row}


def hint(first: Provision, second: Provision, told: Told = Told()) -> Hint:
    """The answer of the first rule that has one; every rule is shown the pair in both orders."""
    for rule in RULES:
        for turned in (False, True):
            pair = (second, first) if turned else (first, second)
            if (answer := rule.judge(*pair, _turned(told) if turned else told)) is not None:
                winner = 1 - answer.winner if turned and answer.winner is not None else answer.winner
                return Hint(rule.title, winner, answer.refer, answer.cites, answer.confidence, answer.why, answer.reservations)
    raise AssertionError("the last rule answers always")


def _turned(told: Told) -> Told:
    return Told(told.act_on, *(None if each is None else 1 - each for each in (told.special, told.kinder)))


def _within(inner: str, outer: str) -> bool:
    """Does the region `outer` ("" the nation) hold `inner`?"""
    return inner.startswith(outer[: 2 * _DEPTH[level_of(outer)]])


def party_documents(a: Provision, _b: Provision, _told: Told) -> Answer | None:
    """党内法规和党政联合文件不与国家法律文件比较效力。"""
    if a.kind != "DNFG":
        return None
    return Answer(f"{a.name}是党内法规或者党政联合文件，不属于立法法规定的效力等级，不作比较。", ())


def constitution(a: Provision, b: Provision, _told: Told) -> Answer | None:
    """宪法具有最高的法律效力，一切规定都不得同宪法相抵触。"""
    if a.kind != "XF" or b.kind == "XF":
        return None
    return Answer(f"宪法具有最高的法律效力，{b.name}不得同宪法相抵触。", (L[98],), 0)


def elsewhere(a: Provision, b: Provision, _told: Told) -> Answer | None:
    """地方的规定只在制定机关的行政区域内施行，适用区域不重合的没有冲突。"""
    if not a.region or not b.region or _within(a.region, b.region) or _within(b.region, a.region):
        return None
    return Answer(f"{a.name}与{b.name}各在自己的行政区域内施行，适用的区域不重合，没有需要选择的冲突。", (L[80], L[81], L[93]))


def time(a: Provision, b: Provision, told: Told) -> Answer | None:
    """不溯及既往，但为了更好地保护公民、法人和其他组织的权利和利益而作的特别规定除外。"""
    if told.act_on is None or not a.applies(told.act_on) or b.applies(told.act_on):
        return None
    day = f"{told.act_on:%Y-%m-%d}"
    if b.ended_on is not None and b.ended_on <= told.act_on:
        return Answer(f"行为发生在{day}，{b.name}自{b.ended_on:%Y-%m-%d}起已不再有效，行为时适用的是{a.name}。", (L[104],), 0)
    if told.kinder == 1:
        why = f"行为发生在{day}，{b.name}当时尚未施行，本不溯及既往；但经办人认为它对当事人更有利，依从旧兼从有利，可以适用{b.name}。"
        note = "更有利应当就整个处理结果比较，并写明比较的过程。"
        return Answer(why, (L[104],), 1, confidence=LIKELY, reservations=(note,))
    open_note = () if told.kinder == 0 else (f"尚未说明哪一规定对当事人更有利；如果{b.name}更有利，可以适用{b.name}。",)
    why = f"行为发生在{day}，{b.name}自{b.effective_on:%Y-%m-%d}起施行，不溯及既往，适用行为时有效的{a.name}。"
    return Answer(why, (L[104],), 0, confidence=SURE if told.kinder == 0 else LIKELY, reservations=open_note)


def no_longer(a: Provision, b: Provision, told: Told) -> Answer | None:
    """行为发生时两项规定都不适用的，不作比较。"""
    if told.act_on is None or a.applies(told.act_on) or b.applies(told.act_on):
        return None
    return Answer(f"在{told.act_on:%Y-%m-%d}，{a.name}与{b.name}都不适用，请查行为时有效的规定。", (L[104],))


def interpretation(a: Provision, b: Provision, _told: Told) -> Answer | None:
    """司法解释单独列出：应当针对具体的法律条文，符合立法的目的、原则和原意。"""
    if a.kind != "SFJS":
        return None
    if b.kind in {"FL", "XZFG"}:
        why = f"{a.name}是对法律具体应用的解释，应当符合立法的目的、原则和原意；与{b.name}不一致的，由{STANDING}解释或者审查。"
        return Answer(why, (L[119], L[48]), refer=STANDING, confidence=LIKELY)
    return Answer(f"司法解释适用于审判、检察工作，与{b.name}不在同一效力等级中，不能自动选择。", (L[119],), confidence=UNSURE)


def variation(a: Provision, b: Provision, _told: Told) -> Answer | None:
    """自治条例、单行条例和经济特区法规依法作变通规定的，在本地方适用变通规定。"""
    if not a.varies or not a.is_local or b.kind not in {"FL", "XZFG", *REGULATIONS}:
        return None
    if a.kind in AUTONOMOUS:
        limits = "变通规定不得违背法律、行政法规的基本原则，不得对宪法、民族区域自治法以及专门就民族自治地方所作的规定作出变通"
        notes = (f"{limits}（{L[85].kuan(2)}）。",)
        return Answer(f"{a.name}对{b.name}作了变通规定，在本自治地方适用{a.name}。", (L[101].kuan(1),), 0, "", LIKELY, notes)
    notes = (f"应当核对授权决定的范围（{L[84]}）。",)
    return Answer(f"{a.name}根据授权对{b.name}作了变通规定，在本经济特区适用{a.name}。", (L[101].kuan(2),), 0, "", LIKELY, notes)


def delegated(a: Provision, b: Provision, _told: Told) -> Answer | None:
    """根据授权制定的法规与法律规定不一致，不能确定如何适用的，由全国人大常委会裁决。"""
    if not a.delegated or b.kind != "FL" or not (a.is_local or a.kind == "XZFG"):
        return None
    why = f"{a.name}是根据授权制定的法规，与{b.name}不一致、不能确定如何适用时，由{STANDING}裁决。"
    return Answer(why, (L[106].kuan(2),), refer=STANDING)


def documents(a: Provision, b: Provision, _told: Told) -> Answer | None:
    """行政规范性文件的效力低于法律、法规和规章，不得设定处罚、许可、强制，不得没有依据减损权利、增加义务。"""
    if a.kind not in ranks() or a.kind in DOCUMENTS or b.kind not in DOCUMENTS:
        return None
    why = f"{b.name}是行政规范性文件，不得与法律、法规、规章相抵触；没有上位法依据不得减损权利或者增加义务。"
    notes = (f"规范性文件不得设定行政处罚（{PENALTY[16]}）、行政许可（{LICENSING[17]}）、行政强制（{COERCION[10]}）。",)
    # No rank says that a city's rule stands over the documents of the province, or a department's over those of the State Council.
    if b.depth < a.depth or (a.kind == "BMGZ" and b.kind == "GFXWJ-G" and not b.region):
        why = f"{b.name}是上级机关的规范性文件，{a.name}是下级的立法，位阶与层级方向不一，不能自动选择。"
        return Answer(why, (BUSINESS[64], L[107]), refer=_over(a), confidence=UNSURE, reservations=notes)
    return Answer(why, (BUSINESS[64],), 0, "", SURE, notes)


def _over(a: Provision) -> str:
    """Who decides where a higher executive and the local legislator disagree (立法法 108)."""
    if a.kind in REGULATIONS | AUTONOMOUS:
        return STANDING
    return STATE_COUNCIL if a.depth <= _DEPTH[PROVINCE] or a.kind == "BMGZ" else "省、自治区人民政府"


def same_maker(a: Provision, b: Provision, told: Told) -> Answer | None:
    """同一机关制定的，特别规定优于一般规定，新的规定优于旧的规定；新的一般规定与旧的特别规定不一致的，由有关机关裁决。"""
    if not _same_maker(a, b):
        return None
    refer, decides = _decider(a)
    by_documents = a.kind in DOCUMENTS
    notes = ("规范性文件不在立法法的适用范围内，这里参照适用。",) if by_documents else ()
    if a.kind == "FL" and set(a.makers) != set(b.makers):
        notes = (
            f"两部法律分别由{'、'.join(a.makers) or '制定机关'}与{'、'.join(b.makers) or '制定机关'}制定，是否属于同一机关有不同意见。",
        )
    basis, sure = (L[103],), LIKELY if notes else SURE
    if told.special is not None:
        special, general = (a, b) if told.special == 0 else (b, a)
        if special.made_on >= general.made_on:
            return Answer(f"同一机关制定，{special.name}是特别规定，适用特别规定。", basis, told.special, "", sure, notes)
        why = f"{general.name}是新的一般规定，{special.name}是旧的特别规定，二者不一致、不能确定如何适用时，由{refer}裁决。"
        return Answer(why, (*basis, decides), refer=refer, confidence=sure, reservations=notes)
    if a.made_on == b.made_on:
        return Answer("同一机关同日制定，又没有说明哪一项是特别规定，不能自动选择。", (*basis, decides), None, refer, UNSURE, notes)
    newer = 0 if a.made_on > b.made_on else 1
    new, old = (a, b) if newer == 0 else (b, a)
    notes = (*notes, f"没有说明哪一项是特别规定；如果{old.name}是特别规定，由{refer}裁决（{decides}）。")
    return Answer(f"同一机关制定，{new.name}是新的规定，适用新的规定。", basis, newer, "", LIKELY, notes)


def _same_maker(a: Provision, b: Provision) -> bool:
    family = AUTONOMOUS if a.kind in AUTONOMOUS else {a.kind}
    if b.kind not in family or a.region != b.region:
        return False
    # By its kind and place there is one congress (with its standing committee), one government; departments are many.
    return a.kind not in DOCUMENTS | {"BMGZ"} or bool(set(a.makers) & set(b.makers))


def _decider(a: Provision) -> tuple[str, Article]:
    if a.kind in {"FL", "XF"}:
        return STANDING, L[105].kuan(1)
    if a.kind == "XZFG":
        return STATE_COUNCIL, L[105].kuan(2)
    return "制定机关" + (f"（{'、'.join(a.makers)}）" if a.makers else ""), L[106].kuan(1).xiang(1)


def governments_documents(a: Provision, b: Provision, _told: Told) -> Answer | None:
    """规范性文件之间：本级政府的优于所属部门的，上级政府的优于下级政府的。"""
    if a.kind != "GFXWJ-G" or b.kind not in DOCUMENTS or not (a.depth < b.depth or (a.region == b.region and b.kind == "GFXWJ-D")):
        return None
    what = "下级人民政府" if b.kind == "GFXWJ-G" else "工作部门"
    why = f"{a.name}由政府制定，政府有权改变或者撤销{what}不适当的规定，{b.name}不得与它不一致。"
    return Answer(why, (LOCAL_BODIES[73].xiang(3),), 0, "", LIKELY)


def other_documents(a: Provision, b: Provision, _told: Told) -> Answer | None:
    """同级不同部门的规范性文件没有高低之分，由本级政府决定；没有隶属关系的，请示共同的上级机关。"""
    if a.kind not in DOCUMENTS or b.kind not in DOCUMENTS:
        return None
    basis = (LOCAL_BODIES[73].xiang(3),)
    if {a.kind, b.kind} == {"GFXWJ-D"} and a.region == b.region:
        refer = "本级人民政府" if a.region else STATE_COUNCIL
        return Answer(f"两项规定由同级的不同部门制定，没有高低之分，由{refer}决定。", basis, refer=refer, confidence=LIKELY)
    return Answer("两项规定的制定机关没有直接的隶属关系，不能自动选择，应当请示共同的上级机关。", basis, None, "共同的上级机关", UNSURE)


def national(a: Provision, b: Provision, _told: Told) -> Answer | None:
    """法律的效力高于行政法规、地方性法规、规章；行政法规的效力高于地方性法规、规章。"""
    below = {"FL": {"XZFG", *REGULATIONS, *RULES_OF_ALL}, "XZFG": {*REGULATIONS, *RULES_OF_ALL}}.get(a.kind, set())
    if b.kind in below:
        return Answer(f"{_named(a)}的效力高于{_named(b)}，适用{a.name}。", (L[99].kuan(1 if a.kind == "FL" else 2),), 0)
    if a.kind in {"FL", "XZFG"} and b.kind in AUTONOMOUS:
        why = f"{b.name}没有标明作了变通规定；未依法变通的，不得与{a.name}不一致。"
        note = f"如果{b.name}依法作了变通规定，在本自治地方适用它（{L[101].kuan(1)}）。"
        return Answer(why, (L[85].kuan(2), L[99]), 0, "", LIKELY, (note,))
    return None


def supervision(a: Provision, b: Provision, _told: Told) -> Answer | None:
    """监察法规根据宪法和法律制定；它与行政法规之间没有定论，不能自动选择。"""
    if a.kind != "JCFG":
        return None
    if b.kind == "FL":
        return Answer(f"{a.name}根据宪法和法律制定，不得与{b.name}相抵触。", (L[118],), 1)
    return Answer(f"监察法规与{_named(b)}之间的效力等级没有明确规定，不能自动选择。", (L[118], L[110]), None, STANDING, UNSURE)


def local_over_rules(a: Provision, b: Provision, _told: Told) -> Answer | None:
    """地方性法规的效力高于本级和下级地方政府规章；设区的市的地方性法规同省级规章相抵触的，由省级人大常委会处理。"""
    if not a.is_local or b.kind not in RULES_OF_GOVERNMENTS:
        return None
    if a.depth <= b.depth:
        sure = SURE if a.kind in REGULATIONS else LIKELY
        return Answer(f"{_named(a)}的效力高于本级和下级地方政府规章，适用{a.name}。", (L[100].kuan(1),), 0, "", sure)
    why = f"{a.name}是下级的{_named(a)}，{b.name}是上级政府规章，没有当然的高低；由批准机关在审查时作出处理决定。"
    return Answer(why, (L[81].kuan(2),), refer="省、自治区人民代表大会常务委员会")


def local_by_level(a: Provision, b: Provision, _told: Told) -> Answer | None:
    """设区的市的地方性法规不得同本省、自治区的地方性法规相抵触。"""
    if not a.is_local or not b.is_local or a.depth >= b.depth:
        return None
    if b.kind in REGULATIONS:
        return Answer(f"{b.name}不得同本省、自治区的{a.name}相抵触。", (L[81].kuan(1),), 0)
    why = f"{b.name}由自治州、自治县制定并经省级人大常委会批准，与{a.name}不一致又没有标明变通的，由批准机关处理。"
    return Answer(why, (L[85], L[101].kuan(1)), None, "省、自治区、直辖市人民代表大会常务委员会", UNSURE)


def rules_by_level(a: Provision, b: Provision, _told: Told) -> Answer | None:
    """省、自治区政府规章的效力高于本行政区域内设区的市、自治州政府规章。"""
    if (a.kind, b.kind) != ("DFZFGZ-P", "DFZFGZ-C"):
        return None
    return Answer(f"省级政府规章的效力高于本行政区域内市级政府规章，适用{a.name}。", (L[100].kuan(2),), 0)


def local_and_department(a: Provision, b: Provision, _told: Told) -> Answer | None:
    """地方性法规与部门规章不一致的，国务院提出意见；认为应当适用部门规章的，提请全国人大常委会裁决。"""
    if not a.is_local or b.kind != "BMGZ":
        return None
    why = (
        f"{a.name}与部门规章{b.name}没有高低之分。国务院认为应当适用地方性法规的，决定在该地方适用；"
        f"认为应当适用部门规章的，提请{STANDING}裁决。"
    )
    sure = SURE if a.kind in REGULATIONS else UNSURE
    return Answer(why, (L[106].kuan(1).xiang(2),), refer=f"{STATE_COUNCIL}提出意见", confidence=sure)


def rules_between(a: Provision, b: Provision, _told: Told) -> Answer | None:
    """部门规章之间、部门规章与地方政府规章之间具有同等效力，不一致的由国务院裁决。"""
    if a.kind != "BMGZ" or b.kind not in RULES_OF_ALL:
        return None
    why = f"{a.name}与{b.name}具有同等效力，在各自的权限范围内施行；对同一事项的规定不一致时，由国务院裁决。"
    return Answer(why, (L[102], L[106].kuan(1).xiang(3)), refer=STATE_COUNCIL)


def otherwise(a: Provision, b: Provision, _told: Told) -> Answer | None:
    """以上规则都没有规定的，不能自动选择。"""
    return Answer(f"立法法没有就{_named(a)}与{_named(b)}直接规定高低，不能自动选择。", (L[107], L[108]), None, "有权的共同上级机关", UNSURE)


def _named(a: Provision) -> str:
    return NAMES.get(a.kind, a.kind)


NAMES = {
    "XF": "宪法", "FL": "法律", "XZFG": "行政法规", "JCFG": "监察法规", "DFXFG-P": "地方性法规", "DFXFG-C": "地方性法规",
    "ZZTL": "自治条例", "DXTL": "单行条例", "BMGZ": "部门规章", "DFZFGZ-P": "地方政府规章", "DFZFGZ-C": "地方政府规章",
    "SFJS": "司法解释", "GFXWJ-G": "行政规范性文件", "GFXWJ-D": "行政规范性文件", "DNFG": "党内法规",
}  # fmt: skip

RULES = (
    Rule("党内法规另列", party_documents),
    Rule("宪法最高", constitution),
    Rule("适用区域", elsewhere),
    Rule("不溯及既往", time),
    Rule("行为时都不适用", no_longer),
    Rule("司法解释另列", interpretation),
    Rule("变通规定", variation),
    Rule("授权立法", delegated),
    Rule("规范性文件最低", documents),
    Rule("同一机关：特别与一般、新与旧", same_maker),
    Rule("政府的规范性文件与部门、下级的", governments_documents),
    Rule("其他规范性文件之间", other_documents),
    Rule("法律、行政法规在上", national),
    Rule("监察法规", supervision),
    Rule("地方性法规与地方政府规章", local_over_rules),
    Rule("上下级地方性法规", local_by_level),
    Rule("上下级地方政府规章", rules_by_level),
    Rule("地方性法规与部门规章", local_and_department),
    Rule("规章之间", rules_between),
    Rule("其他", otherwise),
)


def correctors(a: Provision) -> tuple[tuple[str, Article], ...]:
    """Who may change or revoke such a text (立法法 108), for the list of organs to turn to."""
    item = L[108].xiang
    if a.kind == "FL":
        return (("全国人民代表大会", item(1)),) if STANDING in a.makers or not a.makers else ()
    if a.kind == "XZFG":
        return ((STANDING, item(2)),)
    if a.kind in REGULATIONS:
        return ((STANDING, item(2)), ("省、自治区、直辖市人民代表大会", item(4)))
    if a.kind in AUTONOMOUS:
        return (("全国人民代表大会", item(1)),) if a.depth == _DEPTH[PROVINCE] else ((STANDING, item(2)),)
    if a.kind == "BMGZ":
        return ((STATE_COUNCIL, item(3)),)
    if a.kind in RULES_OF_GOVERNMENTS:
        above = (("省、自治区人民政府", item(6)),) if a.kind == "DFZFGZ-C" else ()
        return ((STATE_COUNCIL, item(3)), ("本级人民代表大会常务委员会", item(5)), *above)
    if a.kind in DOCUMENTS and a.depth:
        return (("上一级人民政府" if a.kind == "GFXWJ-G" else "本级人民政府", LOCAL_BODIES[73].xiang(3)),)
    return ()
