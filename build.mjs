#!/usr/bin/env node
// Builds what is run: the TypeScript into dist, the pages into dist/web. Says nothing unless something fails.
// What is made of sources that have not changed since the last build is left as it is: `npx comity` builds before each first use.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'

const root = dirname(fileURLToPath(import.meta.url))
const web = join(root, 'dist/web')
const one = join(root, 'dist/one')
const ONE_FILE = 'comity.cjs'
const STAMP = 'built.txt'
const PACKED = /\.(html|js|css|json|svg|ttf|txt)$/
const pack = promisify(gzip)

const exists = path => stat(path).then(() => true, () => false)

async function code() {
  const command = join(root, 'dist/src/cli/main.js')
  const stamp = await stampOf(...['src', 'resolvers', 'schema', 'seeds/schema', 'seeds/register'].map(folder => join(root, folder)), join(root, 'tsconfig.json'), join(root, 'tsconfig.build.json'))
  const now = new Date()
  if ((await readFile(join(root, 'dist', STAMP), 'utf8').catch(() => '')) === stamp && (await exists(command)) && (await exists(join(one, ONE_FILE)))) return utimes(command, now, now)
  await rm(join(root, 'dist', STAMP), { force: true })
  await run(join(root, 'node_modules/typescript/bin/tsc'), ['-p', 'tsconfig.build.json'])
  await shapes()
  await checkedRegister()
  await oneFile()
  if (await exists(command)) await chmod(command, 0o755)
  await writeFile(join(root, 'dist', STAMP), stamp)
}

const run = (script, args, withinMs) => new Promise((resolve, reject) => {
  const child = spawn(process.execPath, [script, ...args], { cwd: root, stdio: ['ignore', 2, 2], timeout: withinMs, killSignal: 'SIGKILL' })
  child.once('error', reject)
  child.once('exit', (status, signal) => (status === 0 ? resolve() : reject(`${relative(root, script)} ended with ${status ?? signal}`)))
})

/** The register's JSON schemas as code: compiling them would be a fifth of a house's start. */
async function shapes() {
  const folder = join(root, 'dist/src/register')
  const load = createRequire(join(folder, 'load.js'))
  const { SHAPE_NAMES, shapesIn } = load('./compile-shapes.js')
  const standalone = load('ajv/dist/standalone').default
  await writeFile(join(folder, 'shapes.built.js'), standalone(shapesIn({ asSource: true }), Object.fromEntries(SHAPE_NAMES.map(name => [name, name]))))
}

/** Which register was found sound: to check those same files again would be a sixth of a house's start. One with faults is told of by whoever loads it. */
async function checkedRegister() {
  const load = createRequire(join(root, 'dist/src/register/load.js'))
  const { registerFiles, registerOf } = load('./load.js')
  const { CHECKED, nameOfChecked } = load('./checked.js')
  const files = registerFiles(join(root, 'seeds/register'))
  await rm(CHECKED, { force: true })
  try {
    registerOf(files, '', false)
    await writeFile(CHECKED, nameOfChecked(files))
  } catch (fault) { console.error(`build: ${fault.message}`) }
}

/** Of what is compiled for this machine, or loaded only where it is needed and large. */
const OUTSIDE = /^(node:.*|lmdb|mongoose|date-holidays|bufferutil|utf-8-validate)$/

/**
 * The command and all that it is made of in one file, and beside it what V8 compiles of that for a start. The file is put in place whole, and without what was compiled
 * of the one before it. Code that comes compiled knows no `import()`: what stays outside is required.
 */
async function oneFile() {
  const { rolldown } = await import('rolldown')
  const aside = join(root, `dist/one.${process.pid}`)
  const inOneFile = path => `require('node:path').join(__dirname, ${JSON.stringify(relative(one, path))})`
  const ownFolder = {
    name: 'own-folder',
    transform: (code, id) => /\b__(dir|file)name\b/.test(code) && !id.includes('node_modules') ? code.replace(/\b__dirname\b/g, inOneFile(dirname(id))).replace(/\b__filename\b/g, inOneFile(id)) : null,
  }
  try {
    const bundle = await rolldown({ input: join(root, 'dist/src/cli/command.js'), platform: 'node', external: OUTSIDE, plugins: [ownFolder], logLevel: 'silent' })
    const { output: [{ code }] } = await bundle.generate({ format: 'cjs', codeSplitting: false, dynamicImportInCjs: false, comments: { legal: true, annotation: false, jsdoc: false } })
    await mkdir(aside, { recursive: true })
    await writeFile(join(aside, ONE_FILE), inAscii(code))
    await rm(one, { recursive: true, force: true })
    await rename(aside, one)
    // Where it is to lie: V8 keeps the file's name in it.
    await compiled()
  } finally { await rm(aside, { recursive: true, force: true }) }
}

const READY_WITHIN_MS = 60_000

/** Behind a backslash of its own a character stands for itself; its escape must not. */
const inAscii = code => code.replace(/(\\*)([^\x00-\x7f])/g, (_, slashes, unit) => `${slashes.slice(slashes.length % 2)}\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** A house starts without it too, only slower. The port behind the free one may be taken, so another is tried. */
async function compiled() {
  for (let tries = 3; ; tries--) {
    try {
      return await run(join(root, 'dist/src/cli/keep-compiled.js'), [String(await freePort())], READY_WITHIN_MS)
    } catch (reason) {
      if (tries === 1) return console.error(`build: no compiled code is kept, houses start more slowly: ${reason}`)
    }
  }
}

const freePort = () => new Promise((resolve, reject) => {
  const server = createServer().once('error', reject).listen(0, '127.0.0.1', () => {
    const { port } = server.address()
    server.close(() => resolve(port))
  })
})

async function filesIn(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name)).sort()
}

/** Of these files and all in these folders, of this script and of what it runs. */
async function stampOf(...sources) {
  const hash = createHash('sha256')
  const files = await Promise.all([...sources, join(root, 'build.mjs'), join(root, 'package-lock.json')].map(async path => ((await stat(path)).isDirectory() ? filesIn(path) : [path])))
  for (const path of files.flat()) hash.update(path.slice(root.length)).update('\0').update(await readFile(path)).update('\0')
  return hash.digest('hex')
}

/** Built aside and put in place whole, so that a house that starts meanwhile finds the old pages or the new. */
async function pages() {
  const stamp = await stampOf(join(root, 'web'), join(root, 'src/client'))
  if ((await readFile(join(web, STAMP), 'utf8').catch(() => '')) === stamp) return
  const [{ build }, { PAGES, pageConfig }] = await Promise.all([import('vite'), import('./web/vite.config.mjs')])
  const aside = join(root, `dist/web.${process.pid}`)
  try {
    for (const name of PAGES) if (await exists(join(root, 'web', name, 'index.html'))) await build(pageConfig(name, join(aside, name)))
    await Promise.all((await filesIn(aside)).filter(path => PACKED.test(path)).map(async path => writeFile(`${path}.gz`, await pack(await readFile(path), { level: 9 }))))
    await writeFile(join(aside, STAMP), stamp)
    await rm(web, { recursive: true, force: true })
    await rename(aside, web)
  } finally { await rm(aside, { recursive: true, force: true }) }
}

try {
  await mkdir(join(root, 'dist'), { recursive: true })
  const ended = await Promise.allSettled([code(), pages()])
  for (const each of ended) if (each.status === 'rejected') throw each.reason
} catch (thrown) {
  console.error(`build: ${thrown instanceof Error ? thrown.message : String(thrown)}`)
  process.exit(1)
}
