"""The shop's pages for people: one set for every marketplace, filled by its shopper and its words."""
