"""What a sandbox sees of the judge: the worker, and how it talks."""
