// What is installed is not older than the fixes of the advisories that this design was measured against, comes from one registry by its digest, and is listed by one command.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

interface LockedPackage { /** Where it stands under another name than its own. */ name?: string; version?: string; resolved?: string; integrity?: string; link?: boolean; optional?: boolean }
const root = join(__dirname, '..')
const locked = Object.entries((JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, LockedPackage> }).packages).filter(([path]) => path !== '')

/** The first version without the fault. */
const FLOORS: readonly { name: string; from: string; advisories: readonly string[] }[] = [
  { name: '@apollo/server', from: '5.5.0', advisories: ['GHSA-9q82-xgwf-vj6h', 'CVE-2026-23897'] },
  { name: 'graphql', from: '16.8.1', advisories: ['CVE-2023-26144', 'graphql-js PR 3958'] },
  { name: 'ws', from: '8.17.1', advisories: ['CVE-2024-37890'] },
  { name: 'mongoose', from: '8.9.5', advisories: ['CVE-2024-53900', 'CVE-2025-23061', 'CVE-2023-3696'] },
  { name: 'jose', from: '4.15.5', advisories: ['CVE-2024-28176', 'CVE-2022-36083'] },
  { name: 'type-graphql', from: '2.0.0-rc.4', advisories: ['type-graphql PR 578', 'type-graphql issue 1362'] },
]

const REGISTRY = 'https://registry.npmjs.org/'

const partsOf = (version: string): (number | string)[] => version.split(/[.-]/).map(part => (/^\d+$/.test(part) ? Number(part) : part))

/** Whether one version is at least the other: a release is above its candidates. */
function isAtLeast(version: string, floor: string): boolean {
  const [have, want] = [partsOf(version), partsOf(floor)]
  for (let i = 0; i < Math.max(have.length, want.length); i++) {
    const [one, other] = [have[i], want[i]]
    if (one === other) continue
    if (one === undefined) return typeof other === 'string'
    if (other === undefined) return typeof one === 'number'
    return typeof one === typeof other ? one > other : typeof one === 'number'
  }
  return true
}

it.each([['8.17.1', '8.17.1', true], ['8.17.0', '8.17.1', false], ['9.0.0', '8.17.1', true], ['2.0.0-rc.4', '2.0.0-rc.4', true], ['2.0.0-rc.3', '2.0.0-rc.4', false], ['2.0.0', '2.0.0-rc.4', true], ['2.0.0-rc.4', '2.0.0', false]])('%s is at least %s: %s', (version, floor, is) => {
  expect(isAtLeast(version, floor)).toBe(is)
})

it.each(FLOORS)('every $name that is locked and installed is at least $from', ({ name, from }) => {
  const versions = locked.filter(([path]) => path.endsWith(`node_modules/${name}`)).map(([, { version }]) => version ?? '')
  const installed = (JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')) as { version: string }).version
  expect(versions.length).toBeGreaterThan(0)
  expect([...versions, installed].filter(version => !isAtLeast(version, from))).toEqual([])
})

it('every package that is needed everywhere comes from the public registry and is pinned by a digest', () => {
  const loose = locked.filter(([, { resolved, integrity, link, optional }]) => !link && !optional && (!integrity?.startsWith('sha512-') || !(resolved ?? REGISTRY).startsWith(REGISTRY)))
  expect(loose.map(([path]) => path)).toEqual([])
})

it('`npm run sbom` lists every package that is locked, in CycloneDX', () => {
  // `--omit dev` would leave out packages that both we and a tool of ours need.
  const { stdout, status } = spawnSync('npm', ['run', '--silent', 'sbom'], { cwd: root, encoding: 'utf8', maxBuffer: 64 * 2 ** 20, timeout: 60_000 })
  expect(status).toBe(0)
  const { bomFormat, components } = JSON.parse(stdout) as { bomFormat: string; components: { name: string; version: string }[] }
  expect(bomFormat).toBe('CycloneDX')
  const listed = new Set(components.map(({ name, version }) => `${name}@${version}`))
  const namesOf = (path: string, name?: string): string[] => [path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length), ...(name ? [name] : [])]
  expect(locked.filter(([path, { name, version, optional }]) => !optional && !namesOf(path, name).some(each => listed.has(`${each}@${version ?? ''}`))).map(([path]) => path)).toEqual([])
}, 90_000)
