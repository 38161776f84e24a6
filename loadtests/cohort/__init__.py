"""A cohort: the people of waves 12 to 22 live through their year in process, and are counted at its end."""
