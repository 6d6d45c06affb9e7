"""The pages: one module, one template (or folder of them) and one line here each."""

from fastapi import APIRouter

from web.pages import account, health, login

ROUTERS: tuple[APIRouter, ...] = (
    health.router,
    login.router,
    account.router,
)
