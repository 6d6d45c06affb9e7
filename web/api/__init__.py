"""The JSON API for programs, under /api/v1: the same verbs, rules and read models as the pages, by bearer token."""

from fastapi import APIRouter

from web.api import (
    agenda,
    audit,
    audit_replays,
    channels,
    commands,
    companies,
    comparison,
    comparison_leads,
    contact_searches,
    district,
    documents,
    fundings,
    funnel,
    history,
    indicators,
    lead,
    leads,
    matchmakings,
    meetings,
    openapi,
    people,
    plans,
    problem_queue,
    procedures,
    projects,
    services,
    sites,
    targets,
)

MODULES = (
    leads,
    contact_searches,
    people,
    lead,
    history,
    documents,
    funnel,
    comparison,
    comparison_leads,
    agenda,
    channels,
    meetings,
    projects,
    problem_queue,
    targets,
    plans,
    indicators,
    companies,
    services,
    sites,
    matchmakings,
    procedures,
    fundings,
    audit,
    audit_replays,
    district,
    commands,
)
api = APIRouter(prefix="/api/v1", generate_unique_id_function=lambda route: route.name.removeprefix("api."))
for _module in MODULES:
    api.include_router(_module.router)
ROUTERS: tuple[APIRouter, ...] = (api, openapi.router)
