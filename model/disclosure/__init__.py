"""Protect: what may be shown of the indicator table, and the one door through which everything reads it."""

from model.disclosure.reader import Reader
from model.disclosure.rules import Rule, protect, rule_of

__all__ = ["Reader", "Rule", "protect", "rule_of"]
