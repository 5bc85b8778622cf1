"""From answers of `stats` to views: what each page shows, decided here. No SQL, no HTML, no HTTP."""
