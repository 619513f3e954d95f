"""Ports for servers that tests start: nobody is given one between the asking and the listening."""

import socket


def own_port() -> int:
    """Give a port of this process until it ends.

    It stays bound and does not listen: whoever asks for any port gets another, and a server that
    is told this one may listen there (SO_REUSEADDR, which servers set).
    """
    keeper = socket.socket()
    keeper.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    keeper.bind(("127.0.0.1", 0))
    port = int(keeper.getsockname()[1])
    keeper.detach()
    return port
