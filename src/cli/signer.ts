// The process that holds the private signing keys of one house, and nothing else: no network but a socket that its own user alone may open. It
// signs under a key only what that key is for.
import { chmodSync, existsSync, rmSync } from 'node:fs'
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { Refusal } from '../refusal'
import { keySigner, type Signer, type WireType } from '../wire/jws'
import { importPrivate, readSignerKeys, type KeyUse } from '../wire/keys'
import type { SigningAnswer, SigningQuestion } from '../wire/remote-signer'
import { BadSetting, Unavailable } from './settings'

/** Which key signs what; the directory is the root key's. */
const SIGNED_BY: Readonly<Record<WireType, 'sign' | 'token' | null>> = {
  JWT: 'token',
  'comity-letter+jws': 'sign',
  'comity-fact+jws': 'sign',
  'comity-receipt+jws': 'sign',
  'comity-relay+jws': 'sign',
  'comity-checkpoint+jws': 'sign',
  'comity-countersignature+jws': 'sign',
  'comity-bundle+jws': 'sign',
  'comity-directory+jws': null,
  'comity-register+jws': 'sign',
  'comity-assertion+jwt': 'sign',
  'comity-node+jwt': 'sign',
  'comity-withdrawal+jws': 'token', 'comity-access+jws': 'sign',
}
const isWireType = (typ: string | undefined): typ is WireType => typ !== undefined && Object.hasOwn(SIGNED_BY, typ)
const LINE_AT_MOST = 8 * 1024 * 1024

interface HeldKey { use: KeyUse; signer: Signer }

export interface RunningSigner { close(): Promise<void> }

export async function runSigner(file: string, path: string): Promise<RunningSigner> {
  let keys = await heldKeys(file)
  const answer = async ({ id, kid, typ, payload }: SigningQuestion): Promise<SigningAnswer> => {
    if (kid === undefined) return { id }
    // Keys that were laid in since are in the file.
    if (!keys.has(kid)) keys = await heldKeys(file)
    const held = keys.get(kid)
    if (!held) return { id, fault: `The signer holds no key ${kid}.` }
    if (!isWireType(typ) || SIGNED_BY[typ] !== held.use || payload === undefined) return { id, fault: 'This key is not for this.' }
    return { id, jws: await held.signer.sign(typ, Buffer.from(payload, 'base64url')) }
  }
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    serve(socket, answer)
  })
  await listen(server, path)
  return {
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

async function heldKeys(file: string): Promise<Map<string, HeldKey>> {
  const { house, keys } = readSignerKeys(file)
  return new Map(await Promise.all(keys.map(async key => [key.kid, { use: key.use, signer: keySigner(key.kid, await importPrivate(house, key)) }] as const)))
}

function serve(socket: Socket, answer: (question: SigningQuestion) => Promise<SigningAnswer>): void {
  socket.on('error', () => undefined)
  createInterface({ input: socket }).on('line', line => {
    const question = questionIn(line)
    if (!question) return void socket.destroy()
    void answer(question).catch((thrown: unknown) => ({ id: question.id, fault: thrown instanceof Refusal ? `${thrown.message} ${thrown.facts.hint ?? ''}` : 'The signer failed.' }))
      .then(said => socket.write(`${JSON.stringify(said)}\n`))
  }).on('error', () => undefined)
}

function questionIn(line: string): SigningQuestion | null {
  if (line.length > LINE_AT_MOST) return null
  try {
    const { id, kid, typ, payload } = JSON.parse(line) as Partial<SigningQuestion>
    const isText = (value: unknown): boolean => value === undefined || typeof value === 'string'
    return typeof id === 'number' && [kid, typ, payload].every(isText) ? { id, ...(kid !== undefined && { kid }), ...(typ !== undefined && { typ }), ...(payload !== undefined && { payload }) } : null
  } catch { return null }
}

/** A socket that was left lying by a process that is gone is taken over; one on which somebody answers is not. */
async function listen(server: Server, path: string): Promise<void> {
  if (existsSync(path) && (await answers(path))) throw new Unavailable(`--socket: another signer listens on ${path}. Stop it, or name another socket.`)
  rmSync(path, { force: true })
  const before = process.umask(0o177)
  try {
    server.listen(path)
    await once(server, 'listening')
    chmodSync(path, 0o600)
  } catch (thrown) {
    throw new BadSetting('--socket', path, `cannot be listened on (${(thrown as NodeJS.ErrnoException).code ?? 'unknown fault'})`, 'Name a path in a folder that you may write to, of at most 100 characters.')
  } finally { process.umask(before) }
}

async function answers(path: string): Promise<boolean> {
  const socket = connect(path)
  const answered = await once(socket, 'connect').then(() => true, () => false)
  socket.destroy()
  return answered
}
