"""Components as the browser is sent them, without the way through Dash's classes.

For what a page has thousands of, and nobody looks at again here: the cells of tables.
"""

from typing import Any

from dash.development.base_component import Component

Written = dict[str, Any]


def written(kind: type[Component], **props: Any) -> Written:
    """Write a component; its children are texts or written too."""
    return {"props": props, "type": kind._type, "namespace": kind._namespace}
