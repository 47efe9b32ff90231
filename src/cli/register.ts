// The secretariat's command: checks a folder of the register whole, and publishes what differs from the newest edition at the hub.
import { request } from 'undici'
import { loadAnew, registerFiles, type RegisterFiles } from '../register/load'
import { Refusal } from '../refusal'
import type { Directory } from '../wire/directory'
import { openEdition } from '../wire/register-edition'
import { HUB, openHouse, type DataFolder } from './data-folder'
import { REGISTER_FOLDER } from './seeds'
import { Unavailable } from './settings'
import { tokenOf } from './token'

const TOKEN_SECONDS = 300

export function checkRegister(folder: string): string {
  const { version, asOf, instruments, jurisdictions, codes } = loadAnew(folder)
  return `register version ${version}, as of ${asOf}: ${instruments.length} instruments, ${jurisdictions.length} jurisdictions, ${codes.length} codes; no fault`
}

/** The hub checks again, over its own newest edition. */
export async function publishRegister(data: DataFolder, folder: string, appliesFrom: string): Promise<string> {
  const { version } = loadAnew(folder)
  const { directory } = await openHouse(data, HUB, new Date())
  const newest = await editionOf(directory, version - 1)
  const changed = Object.entries(registerFiles(folder)).filter(([name, text]) => newest[name] !== text).map(([name, text]) => ({ name, text: JSON.stringify(JSON.parse(text)) }))
  const { errors } = await answered<Answer>(directory.hub.url, '/register/editions', {
    method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${await tokenOf(data, HUB, 'SECRETARIAT', 'secretariat', TOKEN_SECONDS)}` },
    body: JSON.stringify({ expectedVersion: version - 1, appliesFrom, files: changed }),
  })
  const [error] = errors ?? []
  if (error) throw new Refusal('BAD_USER_INPUT', error.message, { hint: error.extensions?.hint ?? 'See the hub\'s log.' })
  return `register version ${version} is published and applies from ${appliesFrom}`
}

/** The files of the edition over which the change is made: the hub's, or what came with the package. */
async function editionOf(directory: Directory, version: number): Promise<RegisterFiles> {
  const { edition } = await answered<{ edition: string | null }>(directory.hub.url, `/register?after=${Math.max(0, version - 1)}`)
  return edition === null ? registerFiles(REGISTER_FOLDER) : (await openEdition(edition, directory)).files
}

interface Answer { errors?: { message: string; extensions?: { hint?: string } }[] }

async function answered<Body>(hubUrl: string, path: string, options: Parameters<typeof request>[1] = {}): Promise<Body> {
  try {
    const { body } = await request(new URL(path, hubUrl), options)
    return (await body.json()) as Body
  } catch { throw new Unavailable(`The hub at ${hubUrl} does not answer. Start it, and publish again.`) }
}
