"""`python -m crm` is the command `crm`, where a path with a space breaks its shebang line."""

from crm.cli import main

main()
