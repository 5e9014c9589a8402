"""No test talks to the world: an audit hook refuses every connection that does not stay on this machine."""

import ipaddress
import sys


class OutsideConnectionError(RuntimeError):
    """A test tried to leave the machine."""


def is_here(address: object) -> bool:
    """Say whether a socket address (path of a Unix socket, or host and port) is on this machine."""
    if isinstance(address, str | bytes):
        return True
    host = address[0] if isinstance(address, tuple) and address else ""
    if host in {"localhost", ""}:
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False


def _guard(event: str, args: tuple[object, ...]) -> None:
    if event in {"socket.connect", "socket.sendto"} and not is_here(args[1]):
        raise OutsideConnectionError(f"{event} to {args[1]!r}")
    if event == "socket.getaddrinfo" and args[0] is not None and not is_here((args[0],)):
        raise OutsideConnectionError(f"look-up of {args[0]!r}")


def stay_here() -> None:
    """Refuse outside connections in this process from now on (an audit hook cannot be taken off)."""
    sys.addaudithook(_guard)
