"""Runs strangers' JavaScript: QuickJS in WebAssembly, in hardened workers, one fresh VM a run.

The face of it: a `Pool` (in `pool`) runs an `Execution` and answers with an `Outcome`; what the plugin asks goes to
`HostCalls`. Workers import this package too, so nothing here may need the event loop.
docs/explanation/plugin-sandbox.md tells how it holds together.
"""

from devtime.plugins.engine.execution import Execution, Failure, HostCalls, HostError, Kind, LogLine, NoHost, Outcome
from devtime.plugins.engine.limits import Limits

__all__ = [
    "Execution",
    "Failure",
    "HostCalls",
    "HostError",
    "Kind",
    "Limits",
    "LogLine",
    "NoHost",
    "Outcome",
]
