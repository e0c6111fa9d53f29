"""The rules, a file for each kind; every module here is read by the registry.

The rule it keeps: all that is known of a rule stands above its function.
"""
