"""What people see: pages, view models, charts, styles and scripts. No SQL and no arithmetic of time lives here."""
