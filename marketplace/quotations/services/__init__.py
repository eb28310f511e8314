"""Acts on rounds of quotations: the client asks and picks, the asked answer, both speak."""
