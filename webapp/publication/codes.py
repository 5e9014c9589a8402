"""QR codes as SVG files: one path, no script, the same bytes everywhere. Pure."""

import re
from functools import lru_cache

import segno

_DARK = re.compile("1+")
_BORDER = 4


def qr_svg(base: str, code: str) -> bytes:
    """Return the QR code of the address `base` + `code` + "/" as an SVG file: error correction M, quiet zone of four.

    The mask is fixed: weighing all eight takes five times as long, and readers take any. With length, version and mask
    fixed, a QR symbol is an affine map of its data bits (Reed-Solomon is linear, masking adds a constant), so the
    symbol of an address is that of zero bytes plus what each byte of the code adds; few bytes differ between codes.
    """
    varying = f"{code}/".encode()
    size, symbol = _symbol(base, bytes(len(varying)))
    for place, byte in enumerate(varying):
        symbol ^= _share(base, len(varying), place, byte)
    digits = f"{symbol:0{size * size}b}"
    path = "".join(
        [
            f"M{start + _BORDER} {row + _BORDER}h{end - start}v1h-{end - start}z"
            for row in range(size)
            for start, end in map(re.Match.span, _DARK.finditer(digits[row * size : (row + 1) * size]))
        ]
    )
    whole = size + 2 * _BORDER
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole} {whole}" shape-rendering="crispEdges">'
        f'<path fill="#ffffff" d="M0 0h{whole}v{whole}H0z"/><path fill="#1b2a2f" d="{path}"/></svg>\n'
    ).encode()


@lru_cache(maxsize=16384)
def _share(base: str, length: int, place: int, byte: int) -> int:
    """Return the modules that a byte at a place changes in the symbol of zero bytes."""
    single = bytearray(length)
    single[place] = byte
    return _symbol(base, bytes(single))[1] ^ _symbol(base, bytes(length))[1]


@lru_cache(maxsize=64)
def _symbol(base: str, rest: bytes) -> tuple[int, int]:
    """Return the side of a symbol in modules, and its modules row by row as the bits of a number."""
    made = segno.make_qr(base.encode() + rest, error="m", mode="byte", mask=3, boost_error=False)
    return len(made.matrix), int("".join("1" if module else "0" for row in made.matrix for module in row), 2)
