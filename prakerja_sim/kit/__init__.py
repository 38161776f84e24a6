"""What partners use in their own tests: a server, sandboxes, assertions, interception, the pytest plugin.

A thin face: each object speaks HTTP to the admin API, in this process or at a URL, by the same classes.
"""
