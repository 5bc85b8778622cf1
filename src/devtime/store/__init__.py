"""PostgreSQL: reaching it, its schema, and running it embedded. SQL of the features lives with the features."""
