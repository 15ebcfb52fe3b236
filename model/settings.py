"""Read config.toml once into frozen settings, or say clearly why it cannot be used."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model.errors import ConfigurationError, UnknownName
from model.vocabulary import LANGUAGES

ROOT = Path(__file__).resolve().parent.parent
ACCESS_MODES = ("open",)


@dataclass(frozen=True)
class Settings:
    """What a municipality may change without code."""

    package: Path
    language: str = "de"
    access_mode: str = "open"
    releases_kept: int = 5


def read_settings(path: Path = ROOT / "config.toml", environ: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings of `path`; the variable DATENLABOR_PACKAGE overrides its package.

    Raises ConfigurationError or UnknownName naming file and key.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigurationError("The file is missing.", where=str(path), hint="Copy it from the repository.") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"Not valid TOML: {error}.", where=str(path)) from error
    _known_keys(raw, path)
    package = environ.get("DATENLABOR_PACKAGE") or _text(raw, "package", "data/musterstadt", path)
    access = raw.get("access", {})
    return Settings(
        package=(ROOT / package).resolve(),
        language=_one_of(_text(raw, "language", "de", path), LANGUAGES, "language", path),
        access_mode=_one_of(_text(access, "mode", "open", path), ACCESS_MODES, "access.mode", path),
        releases_kept=_number(raw.get("releases", {}), "keep", 5, path),
    )


_KEYS: dict[str, tuple[str, ...]] = {
    "": ("package", "language", "access", "releases"),
    "access": ("mode",),
    "releases": ("keep",),
}


def _known_keys(raw: Mapping[str, Any], path: Path) -> None:
    for section, keys in _KEYS.items():
        table = raw.get(section, {}) if section else raw
        if not isinstance(table, dict):
            raise ConfigurationError(f"[{section}] must be a table.", where=str(path))
        for key in table:
            if key not in keys:
                known = [f"{section}.{k}".lstrip(".") for k in keys]
                raise UnknownName("Key", f"{section}.{key}".lstrip("."), known, where=str(path))


def _text(table: Mapping[str, Any], key: str, default: str, path: Path) -> str:
    value = table.get(key, default)
    if not isinstance(value, str) or not value:
        raise ConfigurationError(f"{key} must be a text, not {value!r}.", where=str(path))
    return value


def _number(table: Mapping[str, Any], key: str, default: int, path: Path) -> int:
    value = table.get(key, default)
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ConfigurationError(f"{key} must be a whole number of at least 1, not {value!r}.", where=str(path))
    return value


def _one_of(value: str, allowed: tuple[str, ...], key: str, path: Path) -> str:
    if value not in allowed:
        hint = f"Use one of: {', '.join(allowed)}."
        raise ConfigurationError(f"{key} = {value!r} is not possible.", where=str(path), hint=hint)
    return value
