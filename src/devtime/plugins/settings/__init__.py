"""Settings of plugins: what `settings_schema` describes, as fields to ask for, and the values given for them."""
