"""Makes the HTTP client of `http.py`: TLS, proxies, the header of the token, and its errors.

The rules it keeps: certificates are verified against the system's trust store, redirects are not
followed, no cookie and no `.netrc` is used, and plain http never uses a proxy.
"""

from __future__ import annotations

import os
import ssl
from http import cookiejar
from typing import TYPE_CHECKING

import httpx

from sa_tui import __version__
from sa_tui.konnect.body import ACCEPTED_ENCODING
from sa_tui.konnect.errors import KonnectError, Misconfigured, Unreachable, Unreadable

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from pydantic import SecretStr

    from sa_tui.konnect.proxies import Proxies

MAX_CONNECTIONS = 18
"""httpx is slow with many more: the work of its pool grows with their square."""

_CONNECT_TIMEOUT_SECONDS = 10.0
_KEEP_ALIVE_SECONDS = 15.0

# OpenSSL's numbers, which never change.
_OF_ANOTHER_HOST = (62, 64)
_NOT_VALID_NOW = (9, 10)


def make_client(
    *,
    transport: httpx.AsyncBaseTransport | None,
    ca_bundle: Path | None,
    timeout_seconds: float,
    proxies: Proxies,
) -> httpx.AsyncClient:
    """A client over real connections, or over a transport, which its maker closes.

    Plain http, which is loopback only, uses no proxy.
    Raises Misconfigured for a CA bundle or a proxy setting that cannot be used.
    """
    limits = httpx.Limits(max_connections=MAX_CONNECTIONS, keepalive_expiry=_KEEP_ALIVE_SECONDS)
    if transport is None:
        context = tls_context(ca_bundle)
        mounts = _mounts(proxies, context, limits)
    else:
        context, mounts = None, None
    return httpx.AsyncClient(
        verify=True if context is None else context,
        transport=None if transport is None else _Borrowed(transport),
        headers={
            "User-Agent": f"sa-tui/{__version__}",
            "Accept": "application/json",
            "Accept-Encoding": ACCEPTED_ENCODING,
        },
        mounts=mounts,
        cookies=_NoCookies(),
        timeout=httpx.Timeout(None, connect=min(_CONNECT_TIMEOUT_SECONDS, timeout_seconds / 2)),
        limits=limits,
        follow_redirects=False,
        trust_env=False,  # with it, one bad entry of NO_PROXY fails every profile
    )


def _mounts(
    proxies: Proxies, context: ssl.SSLContext, limits: httpx.Limits
) -> dict[str, httpx.AsyncBaseTransport | None] | None:
    if proxies.https is None:
        return None
    try:
        proxy = httpx.AsyncHTTPTransport(verify=context, limits=limits, proxy=proxies.https)
    except (ValueError, ImportError, httpx.InvalidURL):
        # The text of these errors may show the proxy's password.
        raise Misconfigured(
            "the proxy named in the environment cannot be used",
            advice="Check HTTPS_PROXY and ALL_PROXY; SOCKS needs the package httpx[socks]",
        ) from None
    return {"https://": proxy, **dict.fromkeys(proxies.direct)}


def failure(
    error: Exception,
    *,
    request: str,
    is_write: bool,
    timeout_seconds: float,
    ca_bundle: Path | None,
) -> KonnectError:
    """The error for a failure of httpx."""
    certificate = _certificate_fault(error)
    if certificate is not None:
        return Unreachable(
            f"the certificate of the server is not trusted: {certificate.verify_message}",
            request=request,
            advice=_about_certificate(certificate, ca_bundle),
            is_lasting=True,
        )
    if isinstance(error, httpx.ProxyError):
        return Unreachable(f"the proxy refused: {error}", request=request, is_lasting=True)
    if isinstance(error, httpx.ConnectError):
        return Unreachable(f"no connection: {_reason(error)}", request=request, is_refused=True)
    if isinstance(error, httpx.ConnectTimeout):
        return Unreachable("no connection in time", request=request)
    if isinstance(error, (httpx.InvalidURL, httpx.UnsupportedProtocol)):
        return Misconfigured("the address cannot be used", request=request)
    if isinstance(error, httpx.DecodingError):
        return Unreadable("the answer is damaged", request=request, outcome_unknown=is_write)
    if isinstance(error, (TimeoutError, httpx.TimeoutException)):
        text = f"no answer within {timeout_seconds:g} seconds"
    else:
        text = f"the connection was lost: {_reason(error)}"
    return Unreachable(text, request=request, outcome_unknown=is_write)


class Bearer(httpx.Auth):
    """Writes the token into the header of each request, and nowhere else."""

    def __init__(self, token: SecretStr) -> None:
        if not _fits_a_header(token):
            raise Misconfigured(
                "the token is empty or holds spaces, line breaks or odd characters",
                advice="Check where the profile reads its token",
            )
        self._token = token

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response]:
        """Sends the request with the token in its header."""
        request.headers["Authorization"] = f"Bearer {self._token.get_secret_value()}"
        yield request


class _Borrowed(httpx.AsyncBaseTransport):
    """A transport that its maker closes."""

    def __init__(self, transport: httpx.AsyncBaseTransport) -> None:
        self._transport = transport

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self._transport.handle_async_request(request)


class _NoCookies(cookiejar.CookieJar):
    """Keeps no cookies: a request only has its token."""

    def extract_cookies(self, response: object, request: object) -> None:
        pass


def tls_context(ca_bundle: Path | None) -> ssl.SSLContext:
    """A context that trusts the system's authorities and those of the bundle.

    SSLKEYLOGFILE is ignored: with that file, anybody can read the tokens. Raises Misconfigured.
    """
    context = ssl.create_default_context()
    context.keylog_filename = None  # type: ignore[assignment]
    if ca_bundle is not None:
        trust(context, ca_bundle)
    return context


def trust(context: ssl.SSLContext, ca_bundle: Path) -> None:
    """Adds the authorities of the bundle to the context. Raises Misconfigured.

    Python 3.13 requires extensions that the authorities of many companies do not have. Without
    that check, the chain, the host and the dates are still verified.
    """
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    try:
        if ca_bundle.is_dir():
            context.load_verify_locations(capath=ca_bundle)
        else:
            context.load_verify_locations(cafile=ca_bundle)
    except OSError as error:
        # The message of OpenSSL names its own source, not the file.
        is_of_file = not isinstance(error, ssl.SSLError)
        raise Misconfigured(
            f"the CA bundle {ca_bundle} cannot be read: "
            f"{error.strerror if is_of_file else 'it holds no certificate in PEM'}",
            advice="Give a PEM file with the certificates to trust",
        ) from None


def _fits_a_header(token: SecretStr) -> bool:
    # A function of its own, so that no frame of a traceback has the bare token.
    text = token.get_secret_value()
    return text.isascii() and text.isprintable() and " " not in text and text != ""


def _certificate_fault(error: BaseException | None) -> ssl.SSLCertVerificationError | None:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return error
        error = error.__cause__ or error.__context__
    return None


def _about_certificate(error: ssl.SSLCertVerificationError, ca_bundle: Path | None) -> str:
    """What to do about it; the authority is wrong only if host and dates are right."""
    if error.verify_code in _OF_ANOTHER_HOST:
        return "Check the addresses in the profile, and that no other server answers there"
    if error.verify_code in _NOT_VALID_NOW:
        return "Check this machine's clock; if it is right, the server needs a new certificate"
    if ca_bundle is None:
        return "If a company proxy stands between, name its CA bundle in the profile"
    return f"See that {ca_bundle} holds the authority that signed the server's certificate"


def _reason(error: BaseException) -> str:
    """The message of the system, which libraries wrap in their own, or in none."""
    text = str(error)
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.errno is not None:
            # Names that do not resolve have numbers and messages of their own.
            text = os.strerror(cause.errno) if cause.errno > 0 else str(cause.strerror)
        cause = cause.__cause__ or cause.__context__
    return text or "it broke off"
