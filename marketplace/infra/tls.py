"""How this product speaks TLS to others: TLS 1.2 or newer, forward secrecy, certificates checked.

Trusted are the authorities of the machine; an authority of the house is added to its store, or
named by `SSL_CERT_FILE`.
"""

import ssl

_SUITES = "ECDHE+AESGCM:ECDHE+CHACHA20"


def client_context() -> ssl.SSLContext:
    """A context for calling somebody, whatever else the machine's library would allow."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(_SUITES)
    return context
