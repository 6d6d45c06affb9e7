"""The pages: one module, one template (or folder of them) and one line here each."""

from fastapi import APIRouter

from web.pages import (
    account,
    board,
    channel_story,
    channels,
    funnel,
    health,
    lead,
    lead_commands,
    lead_corrections,
    lead_documents,
    lead_export,
    lead_history,
    lead_new,
    leads,
    login,
    today,
)

ROUTERS: tuple[APIRouter, ...] = (
    health.router,
    login.router,
    account.router,
    leads.router,
    lead_new.router,
    lead_export.router,
    lead.router,
    lead_history.router,
    lead_documents.router,
    lead_corrections.router,
    lead_commands.router,
    board.router,
    today.router,
    funnel.router,
    channels.router,
    channel_story.router,
)
