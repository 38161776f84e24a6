"""The stories, and the small engine that plays, records and reports them."""
