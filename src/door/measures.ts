// Prometheus figures of one door, in a registry of its own: counts and times, never who or what.
import { Counter, Gauge, Histogram, Registry } from 'prom-client'

export class Measures {
  readonly #registry = new Registry()
  readonly #requests = new Counter({ name: 'comity_http_requests_total', help: 'HTTP requests answered, and reads on trunks of hubs (method TRUNK).', labelNames: ['method', 'status'], registers: [this.#registry] })
  readonly #seconds = new Histogram({ name: 'comity_http_request_seconds', help: 'Time to answer an HTTP request.', buckets: [0.005, 0.02, 0.1, 0.5, 2, 10], registers: [this.#registry] })

  constructor(open: { sockets: () => number; streams: () => number; upstreams?: () => number; trunks?: () => number }) {
    const gauge = (name: string, help: string, read: () => number): void => void new Gauge({ name, help, registers: [this.#registry], collect() { this.set(read()) } })
    gauge('comity_websockets_open', 'WebSocket connections open now.', open.sockets)
    gauge('comity_event_streams_open', 'Server-Sent Event streams open now.', open.streams)
    if (open.upstreams) gauge('comity_upstreams_open', 'Feeds of authorities open from their nodes to this hub now; at most one an authority.', open.upstreams)
    if (open.trunks) gauge('comity_trunks_open', 'Connections open now on which a hub puts many reads at once.', open.trunks)
    gauge('comity_resident_bytes', 'Resident memory of the process.', () => process.memoryUsage.rss())
    new Gauge({ name: 'comity_active_resources', help: 'What keeps the process alive now: sockets, timers and others, by kind.', labelNames: ['kind'], registers: [this.#registry], collect() { tell(this, process.getActiveResourcesInfo()) } })
  }

  begin(): (method: string, status: number) => void {
    const timer = this.#seconds.startTimer()
    return (method, status) => {
      timer()
      this.#requests.inc({ method: METHODS.includes(method) ? method : 'OTHER', status })
    }
  }

  text(): Promise<string> { return this.#registry.metrics() }
}

function tell(gauge: Gauge<'kind'>, kinds: readonly string[]): void {
  gauge.reset()
  for (const kind of kinds) gauge.inc({ kind })
}

const METHODS: readonly string[] = ['GET', 'POST', 'OPTIONS', 'TRUNK']
