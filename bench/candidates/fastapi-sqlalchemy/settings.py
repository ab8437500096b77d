from os import environ

DATABASE_URL = environ["DATABASE_URL"].replace("postgres://", "postgresql+asyncpg://", 1)
OIDC_ISSUER = environ["OIDC_ISSUER"]
OIDC_AUDIENCE = environ.get("OIDC_AUDIENCE", "clean-architecture")
HTTP_PORT = int(environ["HTTP_PORT"])
HOST = "127.0.0.1"
CONNECTIONS = 10
