"""Leads: with every step of the funnel whose day the ledger gives."""

from typing import Final, cast

from crm.imports.entry import Entry
from crm.imports.kind import Kind, Look, Words
from crm.imports.kinds.leads.columns import COLUMNS
from crm.imports.kinds.leads.implied import implied
from crm.imports.kinds.leads.likeness import LIKENESS
from domain.base import Text
from domain.lead import Lead, Register


def _look(entry: Entry) -> Look:
    form = cast("Register", entry.forms[0])
    amount = form.investment.text if form.investment else Text("", "")
    return Look(form.company, form.project or "", form.channel, amount)


LEADS: Final = Kind(
    key="leads",
    aggregate=Lead,
    words=Words(Text("线索", "lead"), Text("线索", "leads")),
    columns=COLUMNS,
    imply=implied,
    likeness=LIKENESS,
    look=_look,
    route="imports.new",
    called="company",
    where=Text("渠道", "Channel"),
    amount=Text("投资额", "Investment"),
    asks=frozenset({"channel", "industry", "undated"}),
    assumed=(
        ("lead.contacted", "contact_kind", Text("{n} 条接洽记为会谈", "contacts ({n}) as meetings")),
        (
            "lead.landed",
            "landed_how",
            Text("{n} 条落地记为在本区注册公司", "landings ({n}) as companies registered here"),
        ),
    ),
    named_rows="rows",
    help=Text(
        "有历史时间的栏目（首次接洽、意向签约、正式签约、落地等）会按发生的日期逐条记下；登记日期取该行最早的日期。",
        "Dated columns (first contact, intent signed, contract signed, landed, …) become dated facts; the registration "
        "takes the earliest date of its row.",
    ),
)
