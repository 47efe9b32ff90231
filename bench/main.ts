// npm run bench: measures in turn, prints each figure beside its bound or peer, and writes all of them to bench/measured.json. Exits 1 where a goal is missed.
// Names after `--` choose: npm run bench -- ledger desk
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { breadthFigures } from './breadth'
import { clockFigures } from './clocks'
import { depthFigures } from './depth'
import { deskFigures } from './desk'
import { growthFigures } from './growth'
import { hubFigures } from './hub'
import { isMet, line, type Figure } from './figures'
import { lawFigures } from './law'
import { ledgerFigures } from './ledger'
import { liveFigures } from './live'
import { neighbourFigures } from './neighbours'
import { soakFigures } from './soak'
import { startFigures } from './start'
import { stormFigures } from './storm'
import { verifyFigures } from './verify'

const MEASUREMENTS: Record<string, (say: (figure: Figure) => void) => Promise<void>> = { ledger: ledgerFigures, clocks: clockFigures, law: lawFigures, desk: deskFigures, live: liveFigures, neighbours: neighbourFigures, start: startFigures, hub: hubFigures, breadth: breadthFigures, verify: verifyFigures, growth: growthFigures, depth: depthFigures, storm: stormFigures, soak: soakFigures }
/** These take long: they run where they are named. */
const ONLY_NAMED = ['soak', 'depth']
const FILE = join(__dirname, 'measured.json')

/** `load`: what the machine had to do in the minute before; above the number of its cores, wall time is not ours alone. */
interface Measured { at: string; node: string; cpu: string; cores: number; load: number; figures: Figure[] }

async function main(): Promise<void> {
  const wanted = process.argv.slice(2)
  const unknown = wanted.find(name => !(name in MEASUREMENTS))
  if (unknown) return fail(`there is no measurement ${unknown}; choose among ${Object.keys(MEASUREMENTS).join(', ')}`)
  for (const [name, measure] of Object.entries(MEASUREMENTS)) {
    if (wanted.length > 0 ? !wanted.includes(name) : ONLY_NAMED.includes(name)) continue
    const figures: Figure[] = []
    const load = Math.round(10 * (loadavg()[0] ?? 0)) / 10
    console.log(`${name}: ${cpus().length} cores, load ${load} before`)
    await measure(figure => {
      figures.push(figure)
      console.log(line(figure))
    })
    keep(name, load, figures)
    if (figures.some(figure => !isMet(figure))) process.exitCode = 1
  }
}

function keep(name: string, load: number, figures: Figure[]): void {
  const kept = JSON.parse(readIfThere()) as Record<string, Measured>
  const measured: Measured = { at: new Date().toISOString(), node: process.version, cpu: cpus()[0]?.model ?? '', cores: cpus().length, load, figures }
  writeFileSync(FILE, `${JSON.stringify({ ...kept, [name]: measured }, null, 1)}\n`)
}

function readIfThere(): string {
  try { return readFileSync(FILE, 'utf8') } catch { return '{}' }
}

function fail(message: string): void {
  console.error(message)
  process.exitCode = 2
}

void main()
