"""The caller. Every candidate caches verified tokens for a minute."""

from dataclasses import dataclass
from hashlib import sha256
from time import monotonic
from typing import Annotated

import jwt
from fastapi import Depends, Header, HTTPException
from starlette.concurrency import run_in_threadpool

from settings import OIDC_AUDIENCE, OIDC_ISSUER

MAX_TOKENS = 10_000
MAX_AGE_S = 60


@dataclass(frozen=True, slots=True)
class Caller:
    id: str
    is_super_admin: bool


keys = jwt.PyJWKClient(f"{OIDC_ISSUER}/keys")
verified: dict[bytes, tuple[Caller, float]] = {}


async def current_caller(authorization: Annotated[str, Header()] = "") -> Caller:
    token = authorization.removeprefix("Bearer ")
    digest = sha256(token.encode()).digest()
    known = verified.get(digest)
    if known is not None and known[1] > monotonic():
        return known[0]

    caller = await run_in_threadpool(verify, token)
    if len(verified) >= MAX_TOKENS:
        verified.clear()
    verified[digest] = (caller, monotonic() + MAX_AGE_S)
    return caller


def verify(token: str) -> Caller:
    try:
        key = keys.get_signing_key_from_jwt(token)
        claims = jwt.decode(token, key, algorithms=["RS256"], audience=OIDC_AUDIENCE, issuer=OIDC_ISSUER)
    except jwt.PyJWTError as error:
        raise HTTPException(401) from error
    return Caller(claims["sub"], "super_admin" in claims.get("realm_access", {}).get("roles", []))


CurrentCaller = Annotated[Caller, Depends(current_caller)]
