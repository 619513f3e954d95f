"""Components are drawn the quick way: the same trees as Dash's own, the same refusals."""

import json

import dash_bootstrap_components as dbc
import pytest
from dash import dcc, html
from dash._utils import to_json

from portal.web.components import plain, quicken


def tree():
    return html.Div(
        [
            html.H1("標題", id="top", tabIndex=-1),
            html.Ul([html.Li(n) for n in range(3)], **{"data-kind": "list", "aria-label": "三"}),
            dbc.Button("Go", id={"kind": "go", "n": 1}, color="primary", outline=True),
            dcc.Graph(id="g", figure={"data": [{"x": [1, 2]}]}, config={"displayModeBar": False}),
            None,
            ("a", 1.5, True),
        ],
        className=None,
    )


def test_the_quick_tree_is_the_tree_that_dash_writes():
    quicken()
    assert json.loads(json.dumps(plain(tree()))) == json.loads(to_json(tree()))


def test_an_argument_that_does_not_exist_is_refused_with_dashs_own_sentence():
    quicken()
    html.Div()
    with pytest.raises(TypeError, match="unexpected keyword argument: `colour`"):
        html.Div(colour="red")


def test_a_component_where_a_text_belongs_is_refused():
    quicken()
    html.Div()
    with pytest.raises(TypeError, match="other than `children`"):
        html.Div(title=html.B("no"))


def test_an_id_that_cannot_be_one_is_refused():
    quicken()
    with pytest.raises(TypeError, match="must be a string or dict"):
        html.Div(id=7)
