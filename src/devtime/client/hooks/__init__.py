"""What agents, editors and shells call: one file each, from what they tell to beats. Pure, and quick to import."""
