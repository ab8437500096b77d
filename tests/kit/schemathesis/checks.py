"""What the checks of Schemathesis cannot know of this service."""

import schemathesis

# A schema says how a cursor and a key look, not which of them were given out, or were used before.
MEANT = {"invalid-cursor", "idempotency-key-reused"}

# Its coverage phase sends this as a good If-Match, which no pattern with a quotation mark allows.
NO_TAG = "0"


@schemathesis.check
def allowed_is_not_invalid(ctx, response, case):
    """What the document allows is never refused as invalid."""
    is_allowed = case.meta is not None and case.meta.generation.mode.is_positive
    if response.status_code == 422 and is_allowed and case.headers.get("if-match") != NO_TAG:
        assert response.json()["code"] in MEANT, response.text
