"""The public interface, to which signing in as a person means nothing, and its tokens."""

from tests.web.access.table import only, public

TOKENS = "/my/api-tokens"

ROWS = (
    public("GET /api/docs"),
    public("GET /api/v1/openapi.json"),
    public("GET /api/v1/items"),
    public("GET /api/v1/items/JL-Z01"),
    public("GET /api/v1/institutions"),
    public("GET /api/v1/institutions/{institution}"),
    public("GET /api/v1/institutions/{other_institution}", 404),
    # These ask for a token.
    public("GET /api/v1/projects", 401),
    public("POST /api/v1/projects", 401),
    public("GET /api/v1/projects/{institution}", 401),
    public("GET /api/v1/wanted-projects/{institution}", 401),
    public("GET /api/v1/engagements", 401),
    public("GET /api/v1/engagements/{institution}", 401),
    # Tokens, for administrators of their organisation.
    only(f"GET {TOKENS}", market=200),
    only(f"GET {TOKENS}/new", market=200, provisional=409, provisional_enterprise=409),
    only(f"POST {TOKENS}/new", market=422, provisional=409, provisional_enterprise=409),
    only(f"GET {TOKENS}/{{api_token}}", agent=200),
    only(f"POST {TOKENS}/{{api_token}}", agent=303),
    only(f"GET {TOKENS}/{{api_token}}/revoke", agent=200),
    only(f"POST {TOKENS}/{{api_token}}/revoke", agent=303),
)
