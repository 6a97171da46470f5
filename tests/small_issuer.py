"""A small OpenID Connect issuer on this machine, for the tests of whoever accepts its tokens."""

import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

AUDIENCE = "stellwerk"
RSA = {name: RSAKey.generate_key(2048, {"kid": name, "use": "sig"}) for name in ("one", "two")}


class SmallIssuer:
    """An issuer on this machine: it signs, publishes its keys, changes them, and fails as a test wants it to."""

    def __init__(self) -> None:
        self.keys = [RSA["one"]]
        self.status = 200
        self.named: str | None = None
        self.n_asked = 0
        issuer = self

        class Answers(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                issuer.n_asked += 1
                described = {"issuer": issuer.named or issuer.url, "jwks_uri": f"{issuer.url}/keys"}
                told = (
                    described if self.path.startswith("/.well-known/") else KeySet(issuer.keys).as_dict(private=False)
                )
                self.send_response(issuer.status)
                self.end_headers()
                self.wfile.write(json.dumps(told).encode())

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        Thread(target=self.server.serve_forever, daemon=True).start()

    def token(self, *, key=None, header=None, **claims) -> str:
        """A token, good unless a claim says otherwise; a claim that is None is left out."""
        key = key or self.keys[-1]
        now = int(time.time())
        said = {"iss": self.url, "aud": AUDIENCE, "sub": "erika", "iat": now, "exp": now + 300} | claims
        said = {name: value for name, value in said.items() if value is not None}
        headers = {"alg": "RS256", "kid": key.kid} | (header or {})
        return jwt.encode(headers, said, key, algorithms=[headers["alg"]])
