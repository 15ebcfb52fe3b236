"""Stub."""

from pages.parts.forecast_views import Outlook


def show(shown: Outlook) -> None:
    """Show."""
