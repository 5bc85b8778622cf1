"""What a person wants to be told of when it happens: rules, and what was told. Delivery is somebody else's."""
