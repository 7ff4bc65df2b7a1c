"""Where people talk with the tutor.

A channel turns what arrives into an event, and a reply into what it shows; it holds no rules.
"""
