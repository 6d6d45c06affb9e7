"""The JSON API for programs, under /api/v1: the same verbs, rules and read models as the pages, by bearer token."""

from fastapi import APIRouter

from web.api import commands

MODULES = (commands,)
api = APIRouter(prefix="/api/v1")
for _module in MODULES:
    api.include_router(_module.router)
ROUTERS: tuple[APIRouter, ...] = (api,)
