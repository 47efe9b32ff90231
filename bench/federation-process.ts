// One process of a federation that is measured: `hub`, `nodes`, `raw`, the peer: a proxy that forwards bytes to the home node, then to the partners, and
// joins what they answer (it reads no GraphQL and no JSON, checks no right and orders nothing); or `played`: partners that answer each read with what they
// were given to say, so that as many as there are states cost little.
import 'reflect-metadata'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import pino from 'pino'
import { Pool } from 'undici'
import { dataFolder, HUB } from '../src/cli/data-folder'
import { runHub, runNode } from '../src/cli/houses'
import { settings } from '../src/cli/settings'
import { Trunks } from '../src/door/trunks'
import { LINES } from '../src/peer/lines'
import { loadRegister } from '../src/register/load'
import { HOME, registerFolderOf, type Plan } from './federation'

/** As the hub asks, so that both are answered with the same bytes. */
const ACCEPT = `${LINES}, application/json`
const [, , role = '', said = '', names = ''] = process.argv
const plan = JSON.parse(said) as Plan

async function houses(names: readonly string[]): Promise<void> {
  const data = join(plan.path, 'data')
  const start = {
    folder: dataFolder(data), settings: settings({ data, port: String(plan.port), authorities: 'DE' }, {}), register: loadRegister(registerFolderOf(plan.path)), log: pino({ level: 'error' }, pino.destination(2)),
  }
  for (const name of names) await (name === HUB ? runHub(start) : runNode(start, name))
  process.send?.('ready')
}

async function raw(): Promise<void> {
  const pools = new Map(plan.countries.map((country, i) => [country, new Pool(`http://127.0.0.1:${plan.port + 1 + i}`, { connections: 16, pipelining: 1 })]))
  const ask = async (country: string, token: string, body: string): Promise<Buffer> => {
    const answer = await (pools.get(country) as Pool).request({ method: 'POST', path: '/house/read', headers: { 'content-type': 'application/json', accept: ACCEPT, authorization: token }, body })
    return Buffer.from(await answer.body.arrayBuffer())
  }
  /** Told beforehand, so that no answer has to be read for them. */
  let proofs: { home: string; partners: [string, string][] } = { home: '', partners: [] }
  const handle = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = []
    for await (const chunk of req) chunks.push(chunk as Buffer)
    const text = Buffer.concat(chunks).toString('latin1')
    if (req.url === '/proofs') {
      proofs = JSON.parse(text) as typeof proofs
      return void res.end()
    }
    const [homeBody = '', partnerBody = '', only] = text.split('\n')
    const home = await ask(HOME, proofs.home, homeBody)
    const asked = only ? proofs.partners.filter(([country]) => country === only) : proofs.partners
    const answers = await Promise.all(asked.map(([country, token]) => ask(country, token, partnerBody)))
    const parts = [home, ...answers].flatMap(part => [part, Buffer.from('\n')])
    res.writeHead(200, { 'content-type': 'application/json', 'content-length': parts.reduce((sum, part) => sum + part.length, 0) })
    res.end(Buffer.concat(parts))
  }
  createServer((req, res) => void handle(req, res)).listen(plan.port + plan.countries.length + 1, '127.0.0.1', () => process.send?.('ready'))
}

/** By country; told by the parent. */
function played(countries: readonly string[]): void {
  let answers: Record<string, string> = {}
  process.on('message', said => {
    answers = said as typeof answers
    process.send?.('told')
  })
  let waiting = countries.length
  for (const country of countries) {
    const trunks = new Trunks(async () => ({ status: 200, type: LINES, text: answers[country] ?? '' }), 512 * 1024, () => () => undefined)
    createServer((req, res) => {
      req.resume().once('end', () => res.writeHead(200, { 'content-type': req.url === '/house/read' ? LINES : 'application/json' }).end(req.url === '/house/read' ? answers[country] : '{}'))
    }).on('upgrade', (req, socket, head) => trunks.upgrade(req, socket, head)).listen(plan.port + 1 + plan.countries.indexOf(country), '127.0.0.1', () => { if (--waiting === 0) process.send?.('ready') })
  }
}

process.once('disconnect', () => process.exit())
if (role === 'played') played(names.split(','))
else void (role === 'raw' ? raw() : houses(role === 'hub' ? [HUB] : names.split(',')))
