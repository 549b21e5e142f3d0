# maskline as a container: Node and the built program, nothing to build or fetch with.
# Another base, or one pinned by digest: docker build --build-arg NODE_IMAGE=node:24-bookworm-slim@sha256:… .
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
# Scripts are left out: the only one that matters installs the Node that is here already.
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY build.ts ./
COPY src ./src
RUN npm run build

FROM ${NODE_IMAGE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
# recheck checks patterns with its native program; the same as a Java archive is dead weight here.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund && rm -rf node_modules/recheck-jar

FROM ${NODE_IMAGE}
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="maskline" \
      org.opencontainers.image.description="Masks contact-centre exports column by column: Parquet in, masked JSON lines out" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production \
    MASKLINE_HEALTH_PORT=9464
WORKDIR /app
COPY package.json LICENSE maskline.schema.json ./
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
# The configuration is mounted here; nothing is ever written to the image's own file system.
WORKDIR /work
# The base image's user "node", as a number, so that Kubernetes can see that it is not root.
USER 1000:1000
EXPOSE 9464
STOPSIGNAL SIGTERM
# The endpoint listens from the start on. Another metrics.port: set MASKLINE_HEALTH_PORT to it.
HEALTHCHECK --interval=15s --timeout=3s --start-period=120s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.MASKLINE_HEALTH_PORT}/livez`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/app/dist/cli.js"]
