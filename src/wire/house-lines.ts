// Mutual TLS as one house uses it: what it shows, and whose certificate it believes. Both ends are pinned to the signed directory.
import type { X509Certificate } from 'node:crypto'
import type { HouseCertificate } from './certificate'
import type { Directory } from './directory'

export interface HouseLines {
  /** For lines to that house. */
  to(house: string): HouseCertificate & { isPeer(certificate: X509Certificate): boolean }
  /** For lines from houses that may come in. */
  from(mayComeIn: (house: string) => boolean): HouseCertificate & { houseOf(certificate: X509Certificate): string | null }
}

export function houseLines(certificate: HouseCertificate, directory: () => Directory, now: () => Date = () => new Date()): HouseLines {
  const ownerOf = (shown: X509Certificate): string | null => directory().houseOf(shown, now())
  return {
    to: house => ({ ...certificate, isPeer: shown => ownerOf(shown) === house }),
    from: mayComeIn => ({
      ...certificate,
      houseOf: shown => {
        const house = ownerOf(shown)
        return house !== null && mayComeIn(house) ? house : null
      },
    }),
  }
}
