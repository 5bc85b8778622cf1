"""DevTime: where developers' time and AI spend go, on their own machine."""

__version__ = "0.1.0"
