"""The names of the demonstration's persons: all invented, the same in every run."""

from __future__ import annotations

import random

SEED = 20261122
SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金"
    "石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
GIVEN = (
    "伟强军磊洋勇杰涛明超秀敏静丽艳娟霞萍玲桂芳英华慧巧美娜云莲真环雪荣爱妹香月莺媛瑞凡佳嘉琼勤珍贞莉宏国建文志永海春生福顺宝"
    "柱巴图布和其木格乌兰高娃"
)


def person_name(chance: random.Random) -> str:
    return chance.choice(SURNAMES) + "".join(chance.sample(GIVEN, chance.choice((1, 2, 2))))


def named(login: str) -> str:
    """Who signs in so."""
    return person_name(random.Random(f"{SEED} {login}"))  # noqa: S311 - a demonstration, repeatable on purpose
