"""The API WakaTime's editor plugins and tools speak, under every prefix people type. Times are wall clock."""
