# One image for every house; what it is, the command says: `comity hub`, `comity node DE`, `comity init`.
FROM node:20.19.6-bookworm-slim AS build
WORKDIR /comity
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run build && npm prune --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:20.19.6-bookworm-slim
ENV NODE_ENV=production
WORKDIR /comity
COPY --from=build --chown=node:node /comity/package.json ./
COPY --from=build --chown=node:node /comity/node_modules ./node_modules
COPY --from=build --chown=node:node /comity/dist ./dist
COPY --from=build --chown=node:node /comity/schema ./schema
COPY --from=build --chown=node:node /comity/seeds ./seeds
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
ENTRYPOINT ["node", "/comity/dist/src/cli/main.js"]
CMD ["up", "--host", "0.0.0.0", "--data", "/data"]
