"""The funnel's definition once more, in plain Python, from exported events alone: what the product is compared with.

Imports nothing of the product. An event is a dict as `crm export events` writes it: position, stream, version, type,
occurred_on (ISO), data. Written from the definition, not from the product's code; slow, and meant to be read.
"""

from collections import Counter, defaultdict
from decimal import ROUND_HALF_UP, Decimal

STAGES = ["registered", "contacted", "negotiating", "intent_signed", "contract_signed", "landed"]
RAISES = {
    "lead.registered": 1,
    "lead.contacted": 2,
    "lead.site_visited": 2,
    "lead.negotiation_entered": 3,
    "lead.intent_signed": 4,
    "lead.contract_signed": 5,
    "lead.landed": 6,
}
STATUSES = {
    "lead.registered": "open",
    "lead.put_on_hold": "on_hold",
    "lead.resumed": "open",
    "lead.lost": "lost",
    "lead.reopened": "open",
}
SAYS_OF_ANOTHER = {
    "lead.date_corrected",
    "lead.details_corrected",
    "lead.fact_retracted",
    "lead.fact_reinstated",
    "lead.merged",
    "lead.unmerged",
}
ATTRIBUTES = ("channel", "occasion", "owner", "country", "region", "industry")


def standings(events, as_at=None, known_at=None):
    """{lead: its standing} at the end of the day `as_at`, by the events up to position `known_at` (None: all)."""
    known = defaultdict(list)
    for event in sorted(events, key=lambda event: event["position"]):
        if event["type"].startswith("lead.") and (known_at is None or event["position"] <= known_at):
            known[event["stream"]].append(event)
    found = {}
    for lead, own in known.items():
        facts = _facts(own)  # none of its own: its registration is retracted, and it counts nowhere
        standing = _standing(lead, facts + _absorbed_facts(own, known), as_at) if facts else None
        if standing and _is_merged(own):
            standing |= {"status": "merged", "stage": 0, "reached": 0}
        if standing:
            found[lead] = standing
    return found


def funnel(events, as_at=None, known_at=None, group_by=lambda _lead, _standing: None):
    """{group: Counter} with the number of leads standing, reached, on hold and lost per stage, merged and registered."""
    groups = defaultdict(Counter)
    for lead, standing in standings(events, as_at, known_at).items():
        count = groups[group_by(lead, standing)]
        count["registered"] += 1
        if standing["status"] == "merged":
            count["merged"] += 1
            continue
        measure = {"open": "standing"}.get(standing["status"], standing["status"])
        count[measure, STAGES[standing["stage"] - 1]] += 1
        if measure == "standing":
            count["amount", STAGES[standing["stage"] - 1]] += standing["amount_fen"]
        for stage in STAGES[: standing["reached"]]:
            count["reached", stage] += 1
    return dict(groups)


def _is_merged(own):
    said = [event for event in own if event["type"] in ("lead.merged", "lead.unmerged")]
    return bool(said) and said[-1]["type"] == "lead.merged"


def _absorbed_facts(own, known):
    absorbed = []
    for event in own:
        if event["type"] == "lead.absorbed":
            absorbed.append(event["data"]["absorbed"])
        elif event["type"] == "lead.released" and event["data"]["absorbed"] in absorbed:
            absorbed.remove(event["data"]["absorbed"])
    return [fact for lead in absorbed for fact in _facts(known[lead])]


def _facts(own):
    """The facts of one lead as corrected; none at all when its registration is retracted."""
    moved, replaced, retracted = {}, {}, {}
    for event in own:
        data = event["data"]
        match event["type"]:
            case "lead.date_corrected":
                moved[data["fact"]] = data["to"]
            case "lead.details_corrected":
                replaced[data["fact"]] = data["details"]
            case "lead.fact_retracted":
                retracted[data["fact"]] = True
            case "lead.fact_reinstated":
                retracted[data["fact"]] = False
    if retracted.get(1):
        return []
    return [
        event
        | {
            "occurred_on": moved.get(event["version"], event["occurred_on"]),
            "data": event["data"] | replaced.get(event["version"], {}),
        }
        for event in own
        if event["type"] not in SAYS_OF_ANOTHER and not retracted.get(event["version"])
    ]


def _standing(lead, facts, as_at):
    """Fold the facts that had happened by then; None for a lead that was not registered yet."""
    standing = {"status": None, "stage": 0, "reached": 0, "amount_fen": 0, "registered_on": None}
    standing |= dict.fromkeys(ATTRIBUTES)
    own_registration_happened = False
    for fact in sorted(facts, key=lambda fact: (fact["occurred_on"], fact["position"])):
        if as_at is not None and fact["occurred_on"] > as_at:
            break
        kind, data = fact["type"], fact["data"]
        standing["stage"] = _moved(standing["stage"], kind, data)
        standing["reached"] = max(standing["reached"], standing["stage"])
        if kind == "lead.registered" and standing["registered_on"] is None:
            standing["registered_on"] = fact["occurred_on"]
        if fact["stream"] == lead or not own_registration_happened:
            standing["status"] = STATUSES.get(kind, standing["status"])
            standing |= _said(kind, data)
        own_registration_happened |= kind == "lead.registered" and fact["stream"] == lead
    return standing if standing["status"] and standing["registered_on"] else None


def _moved(stage, kind, data):
    if kind == "lead.moved_back":
        return min(stage, STAGES.index(data["to"]) + 1)
    return max(stage, RAISES.get(kind, 0))


def _said(kind, data):
    """What a fact says of the lead itself."""
    match kind:
        case "lead.registered":
            return {name: data.get(name) for name in ATTRIBUTES} | {"amount_fen": _fen(data.get("investment"))}
        case "lead.details_revised":
            return {name: data["details"][name] for name in ATTRIBUTES if name in data["details"]}
        case "lead.assigned":
            return {"owner": data["owner"]}
        case "lead.contract_signed" | "lead.investment_revised":
            return {"amount_fen": _fen(data["amount"])}
    return {}


def _fen(money):
    if not money:
        return 0
    rate = Decimal(money.get("rate") or 1)
    return int((Decimal(money["minor"]) * rate).quantize(Decimal(1), ROUND_HALF_UP))
