"""What plugins may build with: the tokens and components of their style sheet, one table for pages and tests."""
