"""Publish: what leaves the core over the network, already protected."""
