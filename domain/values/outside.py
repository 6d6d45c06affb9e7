"""The world outside the district: contact persons, countries, industries."""

import re
from typing import Annotated
from uuid import UUID

from pydantic import Field

from domain.base import Payload, Refused, Term
from domain.values.text import Personal, checked


class ContactPerson(Payload):
    """Somebody to talk to at the investor's. Everything about them is sealed under their own key."""

    id: UUID
    name: Personal = Field(title="姓名|Name")
    position: Personal | None = Field(None, title="职务|Position")
    phone: Personal | None = Field(None, title="电话|Phone")
    wechat: Personal | None = Field(None, title="微信|WeChat")
    email: Personal | None = Field(None, title="邮箱|E-mail")


def _country(code: str) -> str:
    if not re.fullmatch("[A-Z]{2}", code):
        raise Refused("country.form", "请从列表中选择国家或地区。", "Please choose a country or region from the list.")
    return code


Country = Annotated[str, checked(_country)]
"""ISO 3166-1 alpha-2; CN, HK, MO, TW are each their own value, as the offices' statistics keep them."""


class Industry(Term):
    """The sections of GB/T 4754-2017, China's classification of industries."""

    A = "A", "农、林、牧、渔业", "Agriculture, forestry, fishing"
    B = "B", "采矿业", "Mining"
    C = "C", "制造业", "Manufacturing"
    D = "D", "电力、热力、燃气及水生产和供应业", "Electricity, heat, gas and water"
    E = "E", "建筑业", "Construction"
    F = "F", "批发和零售业", "Wholesale and retail"
    G = "G", "交通运输、仓储和邮政业", "Transport, storage and post"
    H = "H", "住宿和餐饮业", "Hotels and catering"
    I = "I", "信息传输、软件和信息技术服务业", "Information and software"  # noqa: E741 - the standard's own letter
    J = "J", "金融业", "Finance"
    K = "K", "房地产业", "Real estate"
    L = "L", "租赁和商务服务业", "Leasing and business services"
    M = "M", "科学研究和技术服务业", "Research and technical services"
    N = "N", "水利、环境和公共设施管理业", "Water, environment and public facilities"
    O = "O", "居民服务、修理和其他服务业", "Household, repair and other services"  # noqa: E741
    P = "P", "教育", "Education"
    Q = "Q", "卫生和社会工作", "Health and social work"
    R = "R", "文化、体育和娱乐业", "Culture, sports and entertainment"
    S = "S", "公共管理、社会保障和社会组织", "Public administration and social bodies"
    T = "T", "国际组织", "International organisations"
