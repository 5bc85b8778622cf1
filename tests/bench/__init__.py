"""Measurements of a real server on this machine: `python -m tests.bench`. Nothing here passes or fails."""

import sys
from pathlib import Path

# Helpers of tests find each other by name, as under pytest.
sys.path.insert(0, str(Path(__file__).parents[1]))
