// How a page is built: each on its own, under its own path, so that a house serves those that it has.
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'

const here = path => fileURLToPath(new URL(path, import.meta.url))

export const PAGES = ['playground', 'desk']

/** @returns {import('vite').InlineConfig} */
export const pageConfig = (name, outDir) => ({
  configFile: false,
  root: here(`./${name}`),
  base: `/${name}/`,
  logLevel: 'error',
  publicDir: false,
  cacheDir: here('../node_modules/.vite'),
  plugins: [react()],
  worker: { format: 'es' },
  // One copy of each: GraphiQL's parts find each other by identity.
  resolve: { dedupe: ['react', 'react-dom', 'graphql', '@graphiql/react', 'monaco-editor'] },
  build: { outDir, emptyOutDir: true, target: 'es2022', cssTarget: ['chrome123', 'firefox120', 'safari17.5'], reportCompressedSize: false, chunkSizeWarningLimit: 8_000, modulePreload: { polyfill: false }, assetsInlineLimit: 0 },
  server: { proxy: { '/graphql': { target: 'http://127.0.0.1:4000', ws: true }, '/playground/identities': 'http://127.0.0.1:4000' } },
})

/** For work on a page: `npx vite --config web/vite.config.mjs --mode desk`. */
export default ({ mode }) => pageConfig(PAGES.includes(mode) ? mode : 'playground')
