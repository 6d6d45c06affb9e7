"""The words of a firm: the five industries that a district serves it by, where it sits, and how it stands."""

from domain.base import Term


class Sector(Term):
    """The industries by which a district's offices divide the firms they serve."""

    MANUFACTURING = "manufacturing", "工业", "Manufacturing"
    SERVICES = "services", "服务业", "Services"
    TRADE = "trade", "批零餐饮", "Retail, wholesale and catering"
    CONSTRUCTION = "construction", "建筑", "Construction"
    REAL_ESTATE = "real_estate", "房地产", "Real estate"


class Seat(Term):
    """Whether it is registered here or comes from elsewhere to invest."""

    LOCAL = "local", "本区企业", "Here in the district"
    OUTSIDE = "outside", "区外投资方", "Investor from outside"


class CompanyStatus(Term):
    ACTIVE = "active", "在营", "In business"
    MOVED = "moved", "已迁出", "Moved away"
    CLOSED = "closed", "已注销", "Closed"


class Ending(Term):
    """How it stops being a firm of this district."""

    MOVED = "moved", "迁出本区", "Moved away"
    CLOSED = "closed", "注销或关停", "Closed"
