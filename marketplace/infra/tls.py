"""How this product speaks TLS to others: TLS 1.2 or newer, forward secrecy, certificates checked.

Trusted are the authorities of the machine; an authority of the house is added to its store, or
named by `SSL_CERT_FILE`.
"""

import ssl

_SUITES = "ECDHE+AESGCM:ECDHE+CHACHA20"


def client_context(own_certificate: str = "") -> ssl.SSLContext:
    """A context for calling somebody, whatever else the machine's library would allow.

    With a file of certificate and key the caller proves by these who it is.
    """
    context = ssl.create_default_context()
    if own_certificate:
        context.load_cert_chain(own_certificate)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(_SUITES)
    return context
