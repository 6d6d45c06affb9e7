"""What people and programs see: pages, fragments, the API. Asks crm to act, projections to show."""
