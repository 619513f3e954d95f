"""Tables as CSV files, for those who may see the dashboard they come from."""

from flask import Flask

from callbacks.desk import Desk


def export_routes(server: Flask, desk: Desk) -> None:
    """Hang the export routes."""
