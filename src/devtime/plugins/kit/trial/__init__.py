"""Tests of authors: their `*.test.js` run in one sandbox, and the plugin they call in another, on a real database."""

from devtime.plugins.kit.trial.running import Stage, TestResult, Told, run_tests

__all__ = ["Stage", "TestResult", "Told", "run_tests"]
