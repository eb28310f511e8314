"""Which machines we may call."""

import socket

import pytest

from marketplace.approvals.services.calling import ForbiddenAddress, target


@pytest.fixture
def names(monkeypatch):
    """A name server of our own."""
    known = {
        "public.example": "93.184.216.34",
        "inner.example": "10.1.2.3",
        "here.example": "127.0.0.1",
        "meta.example": "169.254.169.254",
        "six.example": "::1",
        "mapped.example": "::ffff:10.0.0.1",
    }

    def look_up(name, port, **_more):
        number = known.get(name, name)
        family = socket.AF_INET6 if ":" in number else socket.AF_INET
        return [(family, socket.SOCK_STREAM, 6, "", (number, port))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


def test_a_public_machine_is_called_by_its_number_under_its_name(names):
    to = target("https://public.example/api?x=1", ())

    assert to.url == "https://93.184.216.34:443/api?x=1"
    assert (to.host, to.name) == ("public.example", "public.example")


@pytest.mark.parametrize(
    "url",
    [
        "http://inner.example/",
        "http://here.example/",
        "http://meta.example/latest/meta-data",
        "http://six.example/",
        "http://mapped.example/",
        "http://127.0.0.1:8000/",
        "http://[::1]/",
        "http://0.0.0.0/",
        "http://224.0.0.1/",
        "ftp://public.example/",
        "file:///etc/passwd",
        "http:///nowhere",
        "http://user@public.example/",
    ],
)
def test_our_own_network_is_not_called(names, url):
    with pytest.raises(ForbiddenAddress):
        target(url, ())


def test_a_host_of_the_intranet_is_called_where_the_operator_names_it(names):
    assert target("http://inner.example:8080/a", {"inner.example"}).url == "http://10.1.2.3:8080/a"
    with pytest.raises(ForbiddenAddress):
        target("http://here.example/", {"inner.example"})
