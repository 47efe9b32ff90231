// Ports for houses that a test starts in a moment. Tests run at the same time, in processes that know nothing of each other: whoever listens on the
// first port of a block has the rest of it, until its process ends.
import { createServer } from 'node:net'

/** Below the ports that a system gives to outgoing connections, above the one (10080) that `fetch` refuses to call. */
const FIRST = 10_100
const BLOCK = 50
const BLOCKS = 440

/** The first of as many ports in a row that are this process's alone; beyond 49 those of the next blocks too, whose first ports are among them and held once somebody listens there. */
export async function freePorts(count: number): Promise<number> {
  const starts = BLOCKS - Math.floor(count / BLOCK)
  const from = Math.floor(Math.random() * starts)
  for (let tried = 0; tried < starts; tried++) {
    const guard = FIRST + BLOCK * ((from + tried) % starts)
    if (await taken(guard) && await areFree(guard + 1, count)) return guard + 1
  }
  throw new TypeError('no block of ports is free')
}

/** Whether this process listens there from now on. */
const taken = (port: number): Promise<boolean> => new Promise(resolve => {
  const server = createServer().once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true))
  server.unref()
})

const areFree = async (first: number, count: number): Promise<boolean> => (await Promise.all(Array.from({ length: count }, (_, i) => isFree(first + i)))).every(Boolean)

const isFree = (port: number): Promise<boolean> => new Promise(resolve => {
  const server = createServer().once('error', () => resolve(false)).listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
})
