"""Kinds of texts. One file, one kind; each has a subclass of `Scanner`, and is found by itself.

A line is offered in the order of the names, so a scanner takes only what is clearly its own.
"""
