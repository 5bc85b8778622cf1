"""What every page is given: frozen data without HTML. Pages fill these, templates and the `.json` twins read them."""
