"""The columns of a ledger of leads."""

from typing import Final

from crm.imports.columns import Column, Columns
from domain.base import Text

__all__ = ["COLUMNS"]


def _column(key: str, zh: str, en: str, words: str, kind: str = "text", *, many: bool = False) -> Column:
    needed = key in {"company", "industry", "channel"}
    return Column(key, Text(zh, en), words, kind, many, required=needed, example=_EXAMPLE.get(key, ""))


_EXAMPLE: Final = {
    "company": "某某装备股份有限公司", "country": "中国", "region": "江苏苏州", "industry": "制造业", "project": "某某装备生产线",
    "investment": "5000万", "jobs": "120", "summary": "建设两条装配线", "contact_name": "投资部经理", "contact_phone": "13800000000",
    "registered_on": "2026-01-15", "contacted_on": "2026-01-20",
}  # fmt: skip


_ALL: Final = (
    _column(
        "company", "企业名称", "Company",
        "公司名称 单位名称 投资方 投资方名称 投资企业 投资主体 投资单位 投资商 客商 客商名称 企业 公司 线索企业 意向企业 "
            "招商对象 企业全称 公司全称 合作方 洽谈企业 company companyname investor enterprise organisation organization firm "
            "account",
        "name",
    ),
    _column("credit_code", "统一社会信用代码", "Unified social credit code",
            "信用代码 社会信用代码 统一信用代码 统一代码 税号 creditcode uscc unifiedsocialcreditcode usci"),
    _column("country", "国家或地区", "Country or region",
            "国家 国别 国家地区 国别地区 地区 来源地 投资来源地 投资来源 国家和地区 所属国家 资金来源地 country countryregion nationality"),
    _column("region", "省市", "Province or city",
            "省 省份 城市 所在地 所在城市 注册地 企业所在地 总部所在地 省市区 所在省市 region city province headquarters location"),
    _column("industry", "行业门类", "Industry",
            "行业 产业 所属行业 行业类别 产业类别 所属产业 行业分类 产业类型 行业领域 产业领域 领域 国民经济行业 行业代码 industry sector"),
    _column("project", "项目名称", "Project",
            "项目 线索名称 意向项目 拟投项目 投资项目 拟建项目 签约项目 project projectname lead leadname deal opportunity"),
    _column("investment", "计划投资额", "Planned investment",
            "投资额 总投资 计划总投资 投资总额 项目总投资 计划投资 拟投资额 意向投资额 投资金额 预计投资 预计投资额 预计总投资 "
            "意向投资 投资规模 拟投资 协议投资额 investment plannedinvestment totalinvestment amount capex investmentamount", "amount"),
    _column("currency", "币种", "Currency", "货币 投资币种 计价货币 currency", "currency"),
    _column("rate", "汇率", "Exchange rate", "折算汇率 当日汇率 exchangerate rate fxrate fx", "rate"),
    _column("land_mu", "用地需求（亩）", "Land needed (mu)",
            "用地 用地需求 用地面积 土地需求 占地面积 拟用地 需求土地 用地规模 占地 land landneeded landarea", "land"),
    _column("space_m2", "厂房或楼宇需求（㎡）", "Space needed (㎡)",
            "厂房需求 厂房 厂房面积 办公面积 载体需求 楼宇需求 厂房或楼宇需求 建筑面积 场地需求 租赁面积 space spaceneeded floorarea floorspace",
            "space"),
    _column("jobs", "预计用工（人）", "Jobs expected",
            "用工 用工人数 预计用工 预计用工人数 就业 就业人数 带动就业 吸纳就业 用工需求 新增就业 jobs jobsexpected headcount employment", "heads"),
    _column("referrer", "引荐单位", "Referred by", "引荐人 推荐单位 推荐人 介绍人 中介 中介机构 引荐方 referrer referredby introducedby"),
    _column("summary", "项目概况", "Summary",
            "项目简介 项目内容 项目情况 建设内容 主要内容 项目概述 投资内容 投资意向 合作意向 项目描述 主要建设内容 建设内容及规模 "
            "企业简介 企业概况 公司简介 summary description overview about", many=True),
    _column("channel", "渠道", "Channel",
            "来源 线索来源 信息来源 项目来源 招商渠道 引进渠道 渠道名称 来源渠道 联络中心 招商联络中心 驻外机构 招商单位 引进单位 "
            "招商团队 招商小组 channel source leadsource"),
    _column("occasion", "活动", "Occasion", "招商活动 活动名称 所属活动 来源活动 推介会 招商团 团组 occasion event mission trip"),
    _column("brought_by", "引进人", "Brought by", "引荐专员 首报人 首谈人 线索提供人 提供人 信息提供人 招引人 引资人 broughtby sourcedby"),
    _column("owner", "负责人", "Owner",
            "招商专员 专员 跟进人 责任人 项目负责人 经办人 对接人 跟踪人 项目专员 包保人 包保领导 招商人员 跟进人员 owner assignee officer assignedto"),
    _column("contact_name", "联系人", "Contact person",
            "联系人姓名 企业联系人 客商联系人 企业负责人 投资方联系人 联络人 姓名 对方联系人 contact contactperson contactname"),
    _column("contact_position", "职务", "Position", "联系人职务 职位 联系人职位 position jobtitle title role"),
    _column("contact_phone", "联系电话", "Phone",
            "电话 手机 手机号 手机号码 联系方式 联系人电话 联系人手机 企业联系电话 电话号码 联系手机 phone mobile telephone tel "
            "phonenumber contactphone"),
    _column("contact_wechat", "微信", "WeChat", "微信号 联系人微信 wechat weixin wechatid"),
    _column("contact_email", "邮箱", "E-mail", "电子邮箱 电子邮件 邮件 email mail contactemail emailaddress"),
    _column("contact_both", "联系人及电话", "Contact person and phone",
            "联系人联系电话 联系人及联系方式 联系人联系方式 联系人和电话 姓名电话 姓名及电话 企业联系人及电话 联系人及职务电话"),
    _column("registered_on", "登记日期", "Registered on",
            "登记时间 获取时间 获取日期 线索获取时间 录入时间 录入日期 填报日期 填报时间 上报时间 报送时间 线索时间 日期 时间 "
            "获得时间 首报时间 入库时间 创建时间 registered registeredon registrationdate date received datereceived created "
            "createdon", "date"),
    _column("contacted_on", "首次接洽时间", "First contact on",
            "接洽时间 首次接洽日期 首次接洽 接洽日期 首次联系时间 首次对接时间 对接时间 首次拜访时间 初次接洽时间 联系时间 拜访时间 "
            "contacted contactedon firstcontact firstcontacton datecontacted contactdate", "date"),
    _column("contact_kind", "接洽方式", "How contacted", "对接方式 联系形式 接洽形式 contactkind contactmethod howcontacted"),
    _column("negotiating_on", "进入在谈时间", "Negotiating since",
            "在谈时间 洽谈时间 进入在谈日期 在谈日期 开始洽谈时间 洽谈日期 进入洽谈时间 实质洽谈时间 negotiating negotiatingsince "
            "negotiatingon negotiationdate negotiationstarted", "date"),
    _column("negotiation_subject", "洽谈内容", "Talks about", "洽谈事项 洽谈情况 在谈内容 谈判内容 subject talksabout", many=True),
    _column("intent_on", "意向签约时间", "Intent signed on",
            "意向签约日期 签订意向时间 意向协议时间 框架协议时间 签订框架协议时间 意向协议签订时间 框架协议签订时间 "
            "签订意向协议时间 意向时间 备忘录签订时间 意向签约 框架签约时间 intentsigned intentsignedon intentdate mousigned "
            "moudate loidate", "date"),
    _column("intent_document", "意向协议名称", "Intent document",
            "意向协议 框架协议 意向协议文号 框架协议名称 意向文件 意向协议名称文号 intentdocument mou loi"),
    _column("contract_on", "正式签约时间", "Contract signed on",
            "正式签约日期 签约时间 签约日期 合同签订时间 合同签订日期 协议签订时间 签订协议时间 投资协议签订时间 签订合同时间 "
            "正式签约 签约 contractsigned contractsignedon contractdate signedon signingdate datesigned", "date"),
    _column("contract_amount", "签约金额", "Contracted amount",
            "签约额 合同金额 合同额 协议金额 签约投资额 正式签约金额 签约总投资 合同投资额 协议投资总额 contractamount "
            "contractedamount contractvalue signedamount",
            "amount"),
    _column("contract_document", "协议名称", "Contract document",
            "协议文号 协议名称文号 合同名称 合同编号 文号 协议编号 投资协议 投资协议名称 合同号 协议 contractdocument "
            "contractnumber agreement reference",
            ),
    _column("landed_on", "落地时间", "Landed on",
            "落地日期 注册时间 注册日期 公司注册时间 "
            "落地注册时间 项目落地时间 工商注册时间 摘牌时间 拿地时间 落地 landed landedon landingdate incorporatedon", "date"),
    _column("landed_how", "落地方式", "How landed", "落地类型 落地形式 landedhow landinghow howlanded landingkind"),
    _column("landed_entity", "落地主体", "Registered entity",
            "落地企业 落地企业名称 落地公司 注册公司 注册公司名称 注册企业 项目公司 项目公司名称 新注册公司 registeredentity entity "
            "projectcompany localentity"),
    _column("landed_where", "落地地点", "Landed where",
            "落地位置 落地园区 选址 项目选址 落地载体 落户园区 建设地点 项目地址 落位 拟选址 site landedwhere landingsite"),
    _column("landed_code", "落地主体信用代码", "Its credit code", "落地企业信用代码 项目公司信用代码 entitycreditcode entitycode"),
    _column("stage", "阶段", "Stage", "项目阶段 当前阶段 进展阶段 推进阶段 线索阶段 所处阶段 stage phase"),
    _column("stage_on", "进入本阶段", "In stage since", "进入本阶段时间 本阶段时间 阶段时间 instagesince stagesince", "date"),
    _column("last_contact_on", "最近接洽", "Last contact",
            "最近接洽时间 最近联系时间 最近跟进时间 最近对接时间 最近拜访时间 最近接洽日期 最近联系日期 最近跟进日期 最近联系 最近跟进 最近对接 "
            "最近拜访 lastcontact lastcontacted lastcontactedon", "date"),
    _column("state", "状态", "State", "项目状态 当前状态 线索状态 跟进状态 进度 项目进度 推进状态 state status"),
    _column("held_on", "暂缓时间", "On hold since", "暂缓日期 搁置时间 暂停时间 heldon onholdsince", "date"),
    _column("hold_reason", "暂缓原因", "Why on hold", "搁置原因 暂停原因 holdreason whyonhold"),
    _column("lost_on", "流失时间", "Lost on", "流失日期 终止时间 终止日期 放弃时间 淘汰时间 失败时间 loston lostdate dateclosed closedon", "date"),
    _column("loss_reason", "流失原因", "Why lost",
            "终止原因 放弃原因 失败原因 淘汰原因 未落地原因 流失说明 lossreason whylost lostreason reasonlost"),
    _column("note", "备注", "Note",
            "说明 进展 进展情况 目前进展 最新进展 推进情况 工作进展 项目进展 跟进情况 跟进记录 洽谈进展 存在问题 其他 其它 备注说明 "
            "工作情况 note notes remark remarks comment comments progress", many=True),
    _column("next_action", "下一步", "Next action",
            "下一步工作 下一步计划 下步工作 下一步打算 下步计划 下步打算 工作计划 下一步举措 拟采取措施 nextaction nextstep nextsteps todo"),
    _column("next_due", "截止日期", "Due",
            "截止时间 完成时限 计划完成时间 下一步时间 时限 办结时限 下次跟进时间 下次跟进日期 due duedate nextdue deadline nextactiondue", "date"),
)  # fmt: skip

COLUMNS: Final = Columns(
    _ALL,
    ("company", "project"),
    column_of={
        "amount": "contract_amount", "document": "contract_document", "entity": "landed_entity", "where": "landed_where",
        "entity_code": "landed_code", "subject": "negotiation_subject", "contacts": "contact_name", "reason": "hold_reason",
        "name": "contact_name", "position": "contact_position", "phone": "contact_phone", "wechat": "contact_wechat",
        "email": "contact_email",
    },
)  # fmt: skip
"""Every column by its key, in the order in which an export writes them."""
