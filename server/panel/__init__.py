"""The panel by role: what each one looks at, gathered in few queries, kept as long as the data does not change."""
