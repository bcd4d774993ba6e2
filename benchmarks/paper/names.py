"""Made-up names of bodies at real places, and the lines in the middle of their seals."""

from __future__ import annotations

from functools import cache
from random import Random

from extractors.values.places import Division, counties_named, division_names

LEAST, MOST = 6, 22  # characters of a name, brackets not counted
_LONGEST_COUNTY = 6
_NO_NAMES = ("省直辖", "市辖", "直辖县")  # entries of the gazetteer that no body is named after

_SUBJECTS = (
    "纺织 食用菌 书法家 摄影家 作家 戏剧家 舞蹈家 民间文艺家 音乐家 美术家 珠算心算 烹饪 茶叶 柑橘 水产 渔业 "
    "畜牧兽医 蚕桑 蔬菜 花卉盆景 园艺 植物保护 昆虫 土壤肥料 气象 地震 地质 测绘地理信息 水利 水土保持 电机工程 "
    "机械工程 焊接 铸造 热处理 汽车工程 航空 造船 公路 桥梁 建筑 土木 硅酸盐 化学化工 石油 煤炭 金属 稀土 黄金 "
    "环境科学 生态 生物 微生物 生理 解剖 心理卫生 心理咨询师 中医药 针灸 护理 药 防痨 麻风防治 抗癌 口腔医学 "
    "营养 预防医学 计划生育 计算机 电子 通信 自动化 人工智能 系统工程 图书馆 档案 情报 科普作家 "
    "青少年科技辅导员 老科技工作者 发明 创造 标准化 计量 质量 统计 会计 审计 税务 金融 保险 钱币 集邮 收藏家 "
    "奇石 根艺 武术 太极拳 乒乓球 羽毛球 篮球 游泳 登山 象棋 围棋 信鸽 钓鱼 龙舟 风筝 老年体育 轮滑 建筑装饰 "
    "房地产 物业管理 勘察设计 混凝土 涂料 家具 皮革 塑料 造纸 印刷 包装 食品 粮油 酒类流通 餐饮 饭店 旅游 导游 "
    "出租汽车 道路运输 物流 仓储 快递 典当 拍卖 律师 公证 消费者 女企业家 青年企业家 民营企业 个体劳动者 残疾人 "
    "慈善 红十字 志愿者 养老服务 家庭教育 民办教育 幼儿教育 职业技术教育 高等教育 外国语 语言 历史 考古 方志 "
    "钱塘江文化 孔子 诗词 楹联 灯谜 姓氏文化 客家 归国华侨 台湾同胞 国际商会 反射疗法 按摩 健康管理 医师 医院 "
    "输血 毒理 辐射防护 核 激光 光学 声学 力学 数学 物理 天文 海洋 湖沼 沼气 太阳能 制冷 照明 消防 安全防范 "
    "特种设备 锅炉 压力容器 电梯 内燃机 农业机械 水稻 棉花 油菜 马铃薯 甘蔗 橡胶 荔枝 葡萄 猕猴桃 枸杞 人参 "
    "蜂业 奶业 生猪 家禽 饲料 草原 林 竹 湿地 野生动物保护"
)
_SOCIETIES = "学会 学会 协会 协会 协会 研究会 促进会 联合会 商会 行业协会 基金会 学会办公室 联谊会 理事会"
_BUREAUS = (
    "教育局 科学技术局 工业和信息化局 民族宗教事务局 公安局 民政局 司法局 财政局 人力资源和社会保障局 "
    "劳动和社会保障局 自然资源局 国土资源局 生态环境局 环境保护局 住房和城乡建设局 规划局 城市管理局 "
    "城市管理行政执法局 交通运输局 水务局 水利局 农业农村局 农业局 林业局 畜牧兽医局 商务局 文化和旅游局 "
    "文化广电新闻出版局 卫生健康委员会 卫生局 人口和计划生育局 退役军人事务局 应急管理局 安全生产监督管理局 "
    "审计局 市场监督管理局 工商行政管理局 质量技术监督局 食品药品监督管理局 统计局 医疗保障局 体育局 粮食局 "
    "物价局 信访局 档案局 扶贫开发办公室 行政审批局 房产管理局 国家税务局 地方税务局 发展和改革委员会 "
    "发展和改革局 人民政府 人民政府办公室 科学技术协会 妇女联合会 残疾人联合会 文学艺术界联合会 工商业联合会 "
    "总工会 供销合作社联合社 气象局 烟草专卖局 邮政管理局 公共资源交易中心 不动产登记中心 社会保险事业管理局 "
    "住房公积金管理中心 疾病预防控制中心 农业技术推广站 环境监测站 机构编制委员会 地方志编纂委员会 水文局 "
    "公路管理局"
)
_UNIVERSITIES = (
    "师范大学 理工大学 工业大学 农业大学 医科大学 中医药大学 财经大学 科技大学 交通大学 大学 大学 民族大学 "
    "外国语大学 海洋大学 师范学院 工程学院 理工学院 医学院 警察学院 艺术学院 职业技术学院 职业技术学院 "
    "交通职业技术学院 幼儿师范高等专科学校 卫生职业学院 广播电视大学 开放大学 工业职业技术学院 林业职业技术学院"
)
_FACULTIES = (
    "教务处 研究生院 人事处 科学技术处 图书馆 后勤管理处 化学与材料工程学院 机械与动力工程学院 马克思主义学院 "
    "外国语学院 继续教育学院 招生办公室 学生工作部 国际合作与交流处 数学与统计学院 生命科学学院 医学院附属医院 "
    "附属中学 档案馆 财务处 学位评定委员会 校友总会 党委组织部"
)
_HOSPITALS = (
    "人民医院 第一人民医院 第二人民医院 中心医院 中医院 中医医院 妇幼保健院 精神病医院 肿瘤医院 儿童医院 "
    "口腔医院 眼科医院 结核病防治所 皮肤病防治院 骨伤医院 卫生院 社区卫生服务中心 急救中心 血站"
)
_BANKS = (
    "华北农商银行 江淮通汇银行 岭南百川银行 同汇银行 聚川银行 恒澜银行 云岭万家储蓄银行 瑞泽银行 禾川银行 "
    "东湖惠民银行 滨江新区发展银行 中南百姓银行 九岳银行 景和银行 农村信用合作联社 农村商业银行 村镇银行"
)  # made up; the last three are kinds
_TRADES = (
    "科技 电子科技 信息技术 网络科技 生物科技 医药 建筑工程 建筑劳务 建筑装饰工程 市政工程 园林绿化 房地产开发 "
    "置业 物业服务 商贸 贸易 实业 机械制造 机电设备 精密模具 五金制品 塑胶 纺织 服饰 鞋业 食品 饮料 茶业 酒业 "
    "粮油 农业开发 种业 饲料 水产 畜牧 餐饮管理 酒店管理 旅游 文化传媒 广告 印务 教育咨询 人力资源 企业管理咨询 "
    "会计师事务所 环保科技 新能源 电力 水务 燃气 热力 煤业 矿业 钢铁 化工 涂料 玻璃 陶瓷 水泥 建材 混凝土 家具 "
    "木业 纸业 包装 汽车销售服务 汽车零部件 运输 物流 供应链管理 国际货运代理 投资 资产管理 融资担保 小额贷款 "
    "保险经纪 律师 检测技术 测绘 监理 工程造价咨询 医疗器械 大药房连锁"
)
_BRAND = (
    "鑫淼焱森垚磊晶鼎盛恒瑞祥泰隆昌宏达兴旺顺发利丰裕茂华安康宁和谐诚信义仁德善美优佳嘉益智慧博文雅韵睿哲思创新"
    "锐科远航腾飞翔鹏凯旋胜捷迅通联汇聚众合力源泉沃润泽霖沐汉唐宋元明清东南西北中天地星辰曦旭阳光辉耀煌灿烁云雷"
    "霆风海洋江河湖泊溪潭峰岭岳岩石玉珠宝金银铜铁钢木林松柏竹梅兰菊荷桂枫桐槐榕樱棠蓝绿青紫丹朱龙凤麒麟虎豹狮象"
    "骏马鹿鹤燕鸿雁鹰皓毅勇豪杰俊伟峻卓越颖冠魁亿万千百双三立正方圆广厦筑巢居庄园乐悦喜福禄寿禧吉庆亨贞谷穗稻禾"
    "粟"
)
_NUMBERS = "一二三四五六七八九十"
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜"
    "戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶"
    "洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢骆岳齐沿梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童"
    "欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜"
)
_VILLAGE_ENDS = "庄家湾沟坪岭峪坝塘寨屯营堡店铺桥渡港埠洼坡岗台井泉河溪口头山庙堂楼园林崖涧畈垸冲垭埂圩浜泾渎墩"
_VILLAGE_FRONTS = "大小上下东西南北前后新老中双三七九石白黄青红黑龙凤马牛虎鹿桃杏柳枣松槐榆桑梨"
_TOWN = (
    "安平清和永兴长乐太新高仁义礼信福寿康宁德顺丰胜利光明朝阳红旗向东星火前进金银玉石龙凤虎鹤马鹿白青黄赤沙泉溪"
    "河江湖海山岭峰谷坪田塘桥渡口关堡城镇店集圩场沟湾坡岩洞寨"
)
_CENTRES = {
    "company": "财务专用章 合同专用章 合同专用章 业务专用章 投标专用章 人力资源部 工程资料专用章 发票专用章 "
    "行政部 质量检验章 项目部",
    "bank": "业务专用章 业务公章 储蓄业务专用章 会计业务章 业务清讫 信贷专用章",
    "university": "教务处 人事处 成绩证明专用章 学籍专用章 科研处 研究生院 招生办公室 财务专用章 院长办公室",
    "hospital": "诊断证明专用章 病历复印专用章 医务科 收费专用章 体检专用章 处方专用章 药剂科",
    "society": "办公室 财务专用章 培训部 会员专用章 秘书处 学术部 评审专用章 合同专用章",
    "bureau": "行政许可专用章 办公室 人事科 业务专用章 行政审批专用章 财务专用章 证件专用章 执法专用章 档案查询专用章",
    "school": "教导处 学籍专用章 财务专用章 总务处 毕业证书专用章",
    "court": "民事审判庭 立案庭 送达专用章 户口专用章 办公室 档案专用章",
}  # kind of body → lines
_KINDS = {
    "society": 20,
    "bureau": 13,
    "university": 8,
    "hospital": 6,
    "bank": 5,
    "company": 17,
    "school": 7,
    "village": 6,
    "court": 4,
    "union": 4,
    "national": 4,
    "other": 6,
}


@cache
def _counties() -> tuple[Division, ...]:
    """The counties of now and before, in the order of codes."""
    every = {county for name in division_names() for county in counties_named(name) if len(name) <= _LONGEST_COUNTY}
    return tuple(sorted(every, key=lambda county: (county.code, county.since, county.name)))


def _word(rng: Random, words: str) -> str:
    return rng.choice(words.split())


def _place(rng: Random) -> str:
    county = rng.choice(_counties())
    province, city, name = county.province, county.city, county.name
    ways = [province, city or province, name, (city or province) + name, province + name, province + city + name]
    return rng.choices(ways, [1.2, 2, 2, 2, 1, 0.5])[0]


def _stem(rng: Random) -> str:
    """A place without its class: 湖州."""
    county = rng.choice(_counties())
    name = rng.choice([county.province, county.city or county.province, county.name])
    for end in ("自治区", "自治州", "自治县", "地区", "省", "市", "县", "区", "盟", "旗"):
        if name.endswith(end) and len(name) - len(end) >= 2:
            return name.removesuffix(end)
    return name


def _village(rng: Random) -> str:
    way = rng.random()
    if way < 0.4:
        return rng.choice(_SURNAMES) + rng.choice(["家", ""]) + rng.choice(_VILLAGE_ENDS)
    if way < 0.75:
        middle = rng.choice(_VILLAGE_FRONTS) + rng.choice(_SURNAMES + _VILLAGE_ENDS)
        return middle + rng.choice(["", rng.choice(_VILLAGE_ENDS)])
    return rng.choice(_TOWN) + rng.choice(_TOWN)


def _town(rng: Random) -> str:
    name = rng.choice(_TOWN) + rng.choice(_VILLAGE_ENDS + _TOWN)
    return name + rng.choice(["镇", "镇", "乡", "街道", "街道办事处"])


def _brand(rng: Random) -> str:
    return "".join(rng.sample(_BRAND, rng.choice([2, 2, 2, 3, 4])))


def _university(rng: Random) -> str:
    name = _stem(rng) + _word(rng, _UNIVERSITIES)
    return name + _word(rng, _FACULTIES) if rng.random() < 0.4 else name


def _bank(rng: Random) -> str:
    bank = _word(rng, _BANKS)
    if bank.endswith(("联社", "村商业银行", "镇银行")):
        return _stem(rng) + bank + rng.choice(["", "股份有限公司", _village(rng) + "支行"])
    name = bank + rng.choice(["", "股份有限公司"]) + _stem(rng)
    return name + rng.choice(["分行", "支行", _village(rng) + "支行", "分行营业部"])


def _company(rng: Random) -> str:
    place, brand, trade = _stem(rng), _brand(rng), _word(rng, _TRADES)
    forms = ["有限公司"] * 5 + ["有限责任公司", "股份有限公司", "集团有限公司", "厂"]
    form = rng.choice([*forms, "有限公司" + _stem(rng) + "分公司"])
    city = "市" if len(place) == 2 and rng.random() < 0.4 else ""
    ways = [place + brand + trade, place + city + brand + trade, f"{brand}（{place}）{trade}", brand + trade]
    return rng.choice(ways) + form


def _school(rng: Random) -> str:
    schools = [
        f"第{rng.choice(_NUMBERS)}中学",
        f"第{rng.choice(_NUMBERS)}小学",
        "实验小学",
        "实验学校",
        "高级中学",
        _village(rng) + "中学",
        _village(rng) + "中心小学",
        "职业技术教育中心",
        "特殊教育学校",
        "机关幼儿园",
        "教师进修学校",
        _village(rng) + "希望小学",
        "外国语学校",
        "卫生学校",
        "技工学校",
    ]
    return rng.choice(schools)


def _village_body(rng: Random) -> str:
    county = rng.choice(_counties()).name
    ways = [
        county + _town(rng) + _village(rng) + "村民委员会",
        county + _town(rng) + _village(rng) + "社区居民委员会",
        _town(rng) + _village(rng) + "村村民委员会",
        county + _town(rng) + "人民政府",
        county + _village(rng) + "农民专业合作社",
        _village(rng) + "村经济合作社",
    ]
    return rng.choice(ways)


def _court(rng: Random) -> str:
    station = "公安局" + _village(rng) + "派出所"
    courts = ["人民法院", "中级人民法院", "人民检察院", "公证处", "仲裁委员会", station, "公安局交通警察支队", "司法所"]
    return rng.choice(courts)


def _union(rng: Random) -> str:
    ways = [
        _place(rng) + rng.choice(["教育", "建设", "机械冶金", "财贸"]) + "工会",
        _stem(rng) + _brand(rng) + _word(rng, _TRADES) + "有限公司工会委员会",
        "共青团" + _place(rng) + "委员会",
        "中共" + _place(rng) + "委员会组织部",
    ]
    return rng.choice(ways)


def _national(rng: Random) -> str:
    subject = _word(rng, _SUBJECTS)
    section, branch = _word(rng, _SUBJECTS), _word(rng, _SUBJECTS)
    ends = ["学会", "协会", "研究会", f"学会{section}专业委员会", f"协会{branch}分会", "工业协会"]
    return "中国" + subject + rng.choice(ends)


def _other(rng: Random) -> str:
    houses = (
        "博物馆 图书馆 文化馆 少年宫 科技馆 电视台 殡仪馆 敬老院 人才交流中心 苗圃 林场 水库管理所 自来水公司 文苑书店"
    )
    works = "日报社 农业科学研究所 地质勘查院 设计研究院 军分区 铁路局 机场集团"
    ways = [
        _place(rng) + _word(rng, houses),
        _stem(rng) + _word(rng, works),
        "中国科学院" + _stem(rng) + rng.choice(["植物研究所", "分院", "生态研究所", "天文台"]),
        _stem(rng) + _word(rng, _SUBJECTS) + "研究院",
        _stem(rng) + _brand(rng) + "律师事务所",
    ]
    return rng.choice(ways)


def _drawn(rng: Random, kind: str) -> str:
    if kind == "society":
        return _place(rng) + _word(rng, _SUBJECTS) + _word(rng, _SOCIETIES)
    if kind == "bureau":
        return _place(rng) + _word(rng, _BUREAUS)
    if kind == "hospital":
        return rng.choice([_place(rng), _place(rng), _stem(rng) + "大学附属"]) + _word(rng, _HOSPITALS)
    if kind in ("school", "court"):
        return _place(rng) + (_school if kind == "school" else _court)(rng)
    makers = {
        "university": _university,
        "bank": _bank,
        "company": _company,
        "village": _village_body,
        "union": _union,
        "national": _national,
        "other": _other,
    }
    return makers[kind](rng)


def body(rng: Random) -> tuple[str, str]:
    """The kind of a body and its name: Hanzi, brackets （） perhaps among them."""
    while True:
        kind = rng.choices(list(_KINDS), list(_KINDS.values()))[0]
        name = _drawn(rng, kind)
        if LEAST <= len(unbracketed(name)) <= MOST and not any(part in name for part in _NO_NAMES):
            return kind, name


def unbracketed(name: str) -> str:
    return name.replace("（", "").replace("）", "")


def centre(rng: Random, kind: str) -> str:
    """The line below the star: 财务专用章(2)."""
    line = _word(rng, _CENTRES.get(kind, "办公室 财务专用章 业务专用章 秘书处 人事处"))
    if line.endswith("章") and rng.random() < 0.22:
        number = rng.choice("123456789")
        line += rng.choice([f"({number})", f"（{number}）", f"({number})", f"（{rng.choice('一二三四')}）"])
    return line
