"""Programs that look for faults: in the source, and in the pages of the running product.

`bin/scan` starts them. Each is first shown something deliberately bad (`planted/`), which it must
find.
"""
