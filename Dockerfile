# syntax=docker/dockerfile:1

# What runs: no development tools, and not the Node.js that npm brings to machines without it.
FROM node:24.21.0-trixie-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --omit=optional

FROM node:24.21.0-trixie-slim
LABEL org.opencontainers.image.title="typescript-clean-architecture" \
      org.opencontainers.image.description="A small forum whose business rules know no framework" \
      org.opencontainers.image.licenses="MIT"

ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY package.json LICENSE ./
COPY migrations migrations
COPY proto proto
COPY src src
COPY vendor vendor

# Only `sqlite:` writes, and only here; the rest can be read-only:
#   docker run --init --read-only --env OIDC_ISSUER=https://… --volume forum:/app/data --publish 127.0.0.1:8080:8080 …
RUN install -d -o node -g node data
USER node

EXPOSE 8080 9090 5000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 CMD ["node", "-e", \
  "fetch('http://127.0.0.1:' + (process.env.HEALTH_PORT || 5000) + '/ready').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]

# Exec form: the service itself gets SIGTERM. `--init` (compose.yaml: `init: true`) forwards it and reaps orphans.
CMD ["node", "--max-semi-space-size=32", "--heap-growing-percent=150", "--no-allocation-site-pretenuring", "src/main.ts"]
