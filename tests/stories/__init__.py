"""The recordings in sessions/, each made for real.

    python -m tests.stories.make [NAME ...]     make them anew, all or those that are named

Each story is a function of `told` or `proxied`, found by its decorator. It talks to docker-registry, nginx or the
built-in registry on this machine; what it recorded is redacted before it goes to sessions/.
"""
