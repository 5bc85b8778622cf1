"""Themes: the fourteen design tokens they may set, what values those take, and whether text can be read in them."""
