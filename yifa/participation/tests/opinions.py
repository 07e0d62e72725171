"""A constructed set of opinions to measure likeness on: forty wishes on five subjects, each said in eight ways, and twice its opposite.

Made by hand and by rule; no real person's words. The eight ways are those in which prepared letters differ: signs, a greeting, a name, a
sentence more, a sentence less, other words for some, another order, another number.
"""

from __future__ import annotations

from collections.abc import Iterator

WISHES: dict[str, tuple[str, ...]] = {
    "供热": (
        "建议把供热开始的时间提前到十月一日，老人和孩子在家里太冷了，去年十月中旬室内只有十四度。",
        "供热管网改造期间应当在小区门口张贴公告，写明停暖的日期、恢复的日期和联系电话。",
        "供热收费应当按照实际用热量计算，装了热计量表的小区还在按面积收费，居民很有意见。",
        "顶楼和边户的室内温度长期达标困难，建议改造的时候一并给这些楼做外墙保温。",
        "供热单位的抢修电话经常打通了没人管，建议规定两个小时以内必须到现场。",
        "改造以后停用的锅炉房可以改成社区食堂或者停车场，请在方案里一起考虑。",
        "低保户和残疾人家庭的取暖费用建议由财政补助一半，不要等到欠费以后再说。",
        "施工挖开的道路应当分段恢复，挖一段修一段，别让整条街一个冬天都是土路。",
    ),
    "市场": (
        "菜市场搬迁以前，请先把附近的便民菜店开起来，老人走不了那么远的路去买菜。",
        "新市场的摊位费减免三年太短，客流起来需要时间，建议延长并且逐年递增。",
        "临时交易区设在学校旁边，上学放学的时候车辆拥堵，孩子过马路很危险。",
        "原来的摊主应当优先选择新市场的摊位，按照经营年限排队，过程要公开。",
        "新市场的水产区和熟食区要分开，排水沟加盖，冷库的位置远离居民楼。",
        "希望保留早市，早晨六点到八点在老街口允许农民自己带菜来卖。",
        "拆下来的老市场建议改成口袋公园，周围四个小区没有一处可以坐的地方。",
        "市场里公平秤和快速检测点要放在入口，检测结果每天公布给大家看。",
    ),
    "公交": (
        "请增加一条从火车站到新区医院的公交线路，现在看病要换乘两次，路上一个多小时。",
        "末班车的时间太早，纺织厂下夜班的工人坐不上车，建议延长到晚上十一点。",
        "公交站台的座椅冬天结冰，希望换成木质的，并且给站台加上挡风的玻璃。",
        "六十五岁以上老人的免费乘车卡应当可以在社区办理，现在要跑到城东的营业厅。",
        "新能源公交车的充电站离居民楼太近，夜里噪声很大，请做隔声或者换一个地方。",
        "建议早晚高峰在钢铁大街设公交专用车道，公交快了大家才愿意坐。",
        "线路调整以前应当在车厢里贴一个月的告示，很多人是到了站才知道改线的。",
        "校车和公交应当统筹安排，开学期间在学校门口增加区间车，减少家长开车接送。",
    ),
    "养犬": (
        "遛狗必须拴绳并且由成年人牵着，电梯里应当抱起来或者戴嘴套，请写进办法。",
        "建议每个小区划一块遛狗的草地，配上拾便袋和垃圾桶，管理起来也方便。",
        "犬只登记的费用应当降低，做过绝育的再减半，这样大家才会主动去办证。",
        "流浪狗的收容由谁负责没有写清楚，物业和社区互相推，希望明确到部门。",
        "烈性犬的名录请由专业机构评估以后公布，不能只看品种和身高。",
        "养犬扰民的投诉，建议公安机关三天以内给答复，夜里的叫声影响孩子睡觉。",
        "导盲犬和助残犬应当允许进入商场、公交和办事大厅，请单独写一条。",
        "犬类免疫点太少，牧区的群众要开车几十公里，希望乡镇兽医站也能打疫苗。",
    ),
    "停车": (
        "老旧小区夜间停车困难，建议机关单位的停车场晚上七点以后向周边居民开放。",
        "路边停车收费应当有前半个小时免费，接孩子和买药的人停几分钟也要交钱，大家想不通。",
        "停车收费的标准要在路口公示，收费员应当给票据，没有票据的可以拒绝付款。",
        "医院门口的车位经常被周围商户占用，建议凭挂号单停车，商户另外安排地方。",
        "新建小区的车位配建比例太低，请提高到一户一个，并且预留充电桩的位置。",
        "消防通道上停车的要坚决拖走，去年着火的时候消防车进不来，耽误了时间。",
        "建议开发一个查空位的手机程序，同时在主要路口立电子牌，不会用手机的人也能看。",
        "残疾人专用车位被占用的现象很普遍，希望安排专人巡查，占用的要处罚。",
    ),
}
OTHER_WORDS = (("建议", "希望"), ("应当", "应该"), ("请", "恳请"), ("居民", "住户"), ("以前", "之前"), ("太", "过于"), ("大家", "群众"))


def ways(wish: str) -> Iterator[str]:
    """Eight ways of saying it in nearly the same words."""
    parts = wish.rstrip("。").split("，")
    yield wish
    yield wish.replace("，", ", ").replace("。", ".\n")
    yield f"尊敬的领导：您好！{wish}谢谢。"
    yield f"{wish}（某小区三号楼住户代表）"
    yield "，".join([*parts, "这件事已经反映过好几次"]) + "。"
    yield "，".join(parts[:-1]) + "。"
    yield _reworded(wish)
    yield "，".join([*parts[1:], parts[0]]) + "。"


def _reworded(wish: str) -> str:
    for before, after in OTHER_WORDS:
        wish = wish.replace(before, after, 1)
    return wish


def opposites(wish: str) -> Iterator[str]:
    """Twice the contrary, in the same letters and a few more."""
    yield f"不同意下面的说法：{wish}"
    yield wish.replace("建议", "不建议").replace("应当", "不应当").replace("希望", "不希望").replace("请", "请不要") + "我反对。"


ANTONYMS = (("提前", "推迟"), ("增加", "减少"), ("降低", "提高"), ("延长", "缩短"), ("保留", "取消"), ("开放", "封闭"), ("优先", "最后"))


def turned(wish: str) -> str:
    """The contrary by one word that no list of denials knows; nothing where no such word is in it."""
    for word, contrary in ANTONYMS:
        if word in wish:
            return wish.replace(word, contrary)
    return ""


def all_of() -> list[tuple[str, str, str]]:
    """Every opinion as (what it wishes, "for" or "against", its text)."""
    found = []
    for subject, wishes in WISHES.items():
        for n, wish in enumerate(wishes):
            found += [(f"{subject}{n}", "for", text) for text in ways(wish)]
            found += [(f"{subject}{n}", "against", text) for text in opposites(wish)]
    return found
