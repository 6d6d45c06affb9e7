"""Jinja as our templates use it: what they call is called and what they print is printed, with nothing in between.

Jinja's own code asks at each call whether the callee wants the context, the environment or whether to escape (nothing
here does), and makes a Markup of each text only to join them all: on a page of fifty rows more than half of the time.
"""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, nodes
from jinja2.compiler import CodeGenerator, Frame, optimizeconst
from markupsafe import _escape_inner as escaped  # type: ignore[attr-defined]  # beneath `escape`, in C

FOLDER = Path(__file__).parent / "templates"


class Straight(CodeGenerator):
    """Compiles `{{ f(x) }}` to `printed(f(x))`. A keyword of Python is no name for what a template hands on."""

    @optimizeconst
    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: FBT001, FBT002, N802
        self.write("(")
        self.visit(node.node, frame)
        self.write(")(")
        spread = (("", one) for one in (*node.args, *node.kwargs))
        for sign, given in (*spread, ("*", node.dyn_args), ("**", node.dyn_kwargs)):
            if given is not None:
                self.write(sign)
                self.visit(given, frame)
                self.write(", ")
        self.write("caller=caller)" if forward_caller else ")")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:  # noqa: ARG002
        self.write("environment.printed(")


class Templates(Environment):
    """Strict: what a template does not know is an error, and whatever is not Markup is escaped."""

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
            return escaped(value)
        if hasattr(value, "__html__"):
            return str(value.__html__())
        return escaped(str(value))


templates = Templates()
