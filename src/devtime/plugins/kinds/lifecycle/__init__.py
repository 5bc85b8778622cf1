"""Lifecycle plugins: hooks and endpoints that run on the server for one user, with that user's rows and keys."""

from devtime.plugins.kinds.lifecycle.calls import HOOKS, Beat, Call, Person
from devtime.plugins.kinds.lifecycle.running import Ended, Shape, inspect_script, run_call

__all__ = ["HOOKS", "Beat", "Call", "Ended", "Person", "Shape", "inspect_script", "run_call"]
