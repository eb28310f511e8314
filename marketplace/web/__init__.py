"""The shared edge: who is asking, what time it is, forms, errors as pages."""
