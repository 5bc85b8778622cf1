"""What plugins may build with: the tokens and components of their style sheet, as one table that pages and tests read."""
