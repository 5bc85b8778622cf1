"""Made-up views for every page: rich, empty and hostile. The template tests and the preview share them."""
