"""A programme year: the people of waves 12 to 22 live through it in process, and are counted at its end."""
