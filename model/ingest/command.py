"""The verbs build and check of the command line."""

from __future__ import annotations

import argparse

from model.catalogue import read_package
from model.ingest import build, store
from model.settings import read_settings


def add_build_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `build`."""
    parser.add_argument("package", nargs="?", help="folder of the data package (default: the one config.toml shows)")
    parser.add_argument("--if-stale", action="store_true", help="do nothing where the tables are up to date")


def run_build(arguments: argparse.Namespace) -> int:
    """Build and publish a package; print the release hash."""
    settings = read_settings()
    package = read_package(arguments.package or settings.package)
    if arguments.if_stale and not store.is_stale(package):
        print(store.current_id(package))
        return 0
    print(build.build(package, keep=settings.releases_kept))
    return 0


def add_check_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `check`."""
    parser.add_argument("package", nargs="?", help="folder of the data package (default: the one config.toml shows)")


def run_check(arguments: argparse.Namespace) -> int:
    """Check a package without writing anything."""
    build.check(read_package(arguments.package or read_settings().package))
    return 0
