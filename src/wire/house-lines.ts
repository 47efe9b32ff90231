// Mutual TLS as one house uses it: what it shows, and whose certificate it believes. Both ends are pinned to the signed directory.
import type { X509Certificate } from 'node:crypto'
import type { HouseCertificate } from './certificate'
import type { Directory } from './directory'

export interface HouseLines {
  /** For lines to that house. */
  to(house: string): { shown(): HouseCertificate; isPeer(certificate: X509Certificate): boolean }
  /** For lines from houses that may come in. */
  from(mayComeIn: (house: string) => boolean): { shown(): HouseCertificate; houseOf(certificate: X509Certificate): string | null }
  /** From now on another certificate is shown; lines that are open stay. */
  show(certificate: HouseCertificate): void
}

export function houseLines(first: HouseCertificate, directory: () => Directory, now: () => Date = () => new Date()): HouseLines {
  let certificate = first
  const shown = (): HouseCertificate => certificate
  const ownerOf = (seen: X509Certificate): string | null => directory().houseOf(seen, now())
  return {
    to: house => ({ shown, isPeer: seen => ownerOf(seen) === house }),
    from: mayComeIn => ({
      shown,
      houseOf: seen => {
        const house = ownerOf(seen)
        return house !== null && mayComeIn(house) ? house : null
      },
    }),
    show: next => { certificate = next },
  }
}
