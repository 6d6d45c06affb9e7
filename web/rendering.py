"""Jinja as our templates use it: what they call is called and what they print is printed, nothing is looked up between.

Jinja's own code asks at each call whether it wants to be given the context, the environment or whether to escape
(nothing here does), and makes a Markup of each text it prints only to join them all.
"""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, nodes
from jinja2.compiler import CodeGenerator, Frame, optimizeconst
from markupsafe import _escape_inner  # the function in C beneath `escape`

FOLDER = Path(__file__).parent / "templates"


class Straight(CodeGenerator):
    """Compiles `{{ f(x) }}` to `printed(f(x))`."""

    @optimizeconst
    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: FBT001, FBT002, N802
        self.write("(")
        self.visit(node.node, frame)
        self.write(")(")
        for given in (*node.args, *node.kwargs):
            self.visit(given, frame)
            self.write(", ")
        for sign, given in (("*", node.dyn_args), ("**", node.dyn_kwargs)):
            if given is not None:
                self.write(sign)
                self.visit(given, frame)
                self.write(", ")
        self.write("caller=caller)" if forward_caller else ")")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        self.write("environment.printed(")


class Templates(Environment):
    """Strict and escaping; a text on a page is escaped but for Markup."""

    code_generator_class = Straight

    def __init__(self) -> None:
        super().__init__(
            loader=FileSystemLoader(FOLDER), undefined=StrictUndefined, autoescape=True, auto_reload=False,
            trim_blocks=True, lstrip_blocks=True,
        )  # fmt: skip

    @staticmethod
    def printed(value: Any) -> str:
        """The text of `value` in a page."""
        if type(value) is str:
            return _escape_inner(value)
        if hasattr(value, "__html__"):
            return value if isinstance(value, str) else value.__html__()
        return _escape_inner(str(value))


templates = Templates()
