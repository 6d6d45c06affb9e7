"""The application: verbs, store, settings, database, command line."""
