"""The other side of `step` as a Django application of its own; the platform never installs it."""
