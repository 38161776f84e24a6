"""One module a page: its words, and what its template is given."""
