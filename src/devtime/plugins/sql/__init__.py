"""The guard of plugin SQL: one statement of a stranger's becomes one that touches nothing but what is documented.

Pure: it reads and writes text. Running what it lets through is `store/plugin_sql`'s.
"""

from devtime.plugins.sql.guard import Checked, check_statement
from devtime.plugins.sql.refusal import Refused

__all__ = ["Checked", "Refused", "check_statement"]
