"""What is written down about a lead, in the words offices use."""

from domain.lead.progress import ContactKind, ContactOutcome
from domain.lead.status import LossReason

CONTACT_KINDS = (
    *(ContactKind.PHONE,) * 5, *(ContactKind.WECHAT,) * 4, *(ContactKind.VISIT,) * 2, *(ContactKind.MEETING,) * 2,
    ContactKind.VIDEO, ContactKind.EMAIL,
)  # fmt: skip
FOREIGN_CONTACT_KINDS = (
    ContactKind.VIDEO,
    ContactKind.VIDEO,
    ContactKind.EMAIL,
    ContactKind.EMAIL,
    ContactKind.MEETING,
)
OUTCOMES = (ContactOutcome.INTERESTED, ContactOutcome.CONSIDERING, ContactOutcome.CONSIDERING, ContactOutcome.WAITING)
CONTACT_NOTES = (
    "介绍了本区产业园区和楼宇载体情况，对方询问厂房层高与承重。",
    "对方关心用工成本和人才补贴政策，已发政策汇编。",
    "沟通用地指标与容积率要求，对方将提交初步方案。",
    "对方正在比选长春与沈阳两地，下周内部讨论。",
    "约定近期来区考察，重点看智能装备产业园。",
    "对方提出先租后买，需园区给出租金方案。",
    "就项目用能和配套燃气管道提出需求，转项目服务局。",
    "对方董事会尚未排期，保持联系。",
    "核对了投资强度和税收预期，数据待对方补充。",
    "对方希望与本地整车配套企业对接，已约产需对接会。",
    "商谈设备搬迁周期，计划分两期实施。",
    "回访，对方表示本季度资金安排未定。",
)
PLACES = (
    "二道经济开发区智能家居产业园",
    "创新产业园",
    "英俊片区拟出让地块",
    "滨河湾片区",
    "数据产业园",
    "东盛大街商务楼宇",
)
SUBJECTS = (
    "用地面积、价格与供地时间",
    "厂房租金与装修补贴",
    "投资强度、税收与建设周期",
    "设备补贴与人才公寓",
    "先租后买条款",
    "楼宇入驻面积与租期",
)
NEXT_ACTIONS = (
    "回访，确认来访时间", "发送载体清单和租金方案", "协调项目服务局答复用地问题", "约对方负责人视频会议", "催要项目可研报告",
    "陪同考察园区", "起草意向协议文本", "报区招商专班会审", "核实投资主体资质", "邀请参加产需对接会",
)  # fmt: skip
NOTES = (
    "对方集团去年在东北已有一家分公司。", "竞争城市给出三年免租，需关注。", "引荐单位可协助约见集团高层。",
    "项目对供电可靠性要求高，需双回路。", "环评等级待核。", "对方倾向与国有平台合资。", "冬季施工安排需提前说明。",
)  # fmt: skip
PURSUE = ("符合主导产业方向", "投资强度达标", "可与本地配套企业形成链条", "产业链补短板", "投资主体实力较强")
DECLINE = ("能耗偏高，与产业方向不符", "投资主体资质存疑", "用地需求无法满足")
LOSSES = (
    *(LossReason.ELSEWHERE,) * 4, *(LossReason.CONDITIONS,) * 3, *(LossReason.NO_ANSWER,) * 3, *(LossReason.FUNDING,) * 2,
    *(LossReason.MARKET,) * 2, LossReason.LAND, LossReason.UNSUITABLE,
)  # fmt: skip
LOSS_NOTES = ("对方已在外省签约。", "多次联系未获答复。", "集团调整投资计划。", "政策诉求超出权限。")
HOLDS = ("等待集团投资决策", "等待用地指标", "等待环评结论", "对方资金尚未到位")
REOPENINGS = ("对方主动来电，重新选址", "集团批准新一轮投资", "外地项目未谈成，回头洽谈")
SETBACKS = ("对方更换投资主体，协议须重谈", "土地条件变化，重新商谈", "出资比例未谈妥")
CORRECTIONS = ("日期录错", "以协议落款日期为准", "与会议纪要核对后更正")
RETRACTIONS = ("录错企业", "重复登记", "对方未到场，会谈未举行")
HANDOVERS = ("原负责人轮岗", "按片区调整分工", "项目进入落地阶段，转项目服务局")
INVESTMENT_REASONS = ("增加二期", "压缩建设内容", "设备国产化后调整")
CLAIMS = ("活动现场已先行对接", "引荐单位提供了书面说明", "此前出访时有接洽记录")
REFERRERS = ("市贸促会", "吉林商会", "校友会", "驻京办", "行业协会", "区工商联")
SUMMARIES = (
    "拟在东北布局生产基地，服务本地整车配套。",
    "计划设立区域总部并配套仓储。",
    "拟租用标准厂房，首期两条生产线。",
    "拟建设研发与检测一体化基地。",
)
