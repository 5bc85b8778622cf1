"""What a probe may ask of the machine: one module a thing, none of which trusts what it is asked."""
