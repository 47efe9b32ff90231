// Content documents: what acts and dossiers say, keyed by salted digest, deletable at the end of retention.
import type { Digest } from '../domain/request'
import type { Documents } from '../store/store'
import { contentDigest, sealContent } from '../wire/canonical'

export interface ContentDocument { salt: string; body: unknown }

export class Contents {
  constructor(private readonly documents: Documents<ContentDocument>) {}

  /** Null where the content was deleted. Throws nothing for a wrong salt: `comity verify` finds that. */
  async read<Body>(digest: Digest | null | undefined): Promise<Body | null> {
    return digest ? ((await this.documents.get(digest))?.body as Body | undefined) ?? null : null
  }

  async readMany<Body>(digests: readonly Digest[]): Promise<Map<Digest, Body>> {
    const found = await this.documents.getMany([...new Set(digests)])
    return new Map([...found].map(([digest, document]) => [digest, document.body as Body]))
  }

  documentsOf(digests: readonly Digest[]): Promise<Map<Digest, ContentDocument>> { return this.documents.getMany(digests) }

  write(sealed: ReadonlyMap<Digest, ContentDocument>): Promise<void> {
    return sealed.size === 0 ? Promise.resolve() : this.documents.putMany(sealed)
  }
}

/** Contents made while deciding; written before the entry that names them. */
export class FreshContents {
  readonly sealed = new Map<Digest, ContentDocument>()

  seal(body: unknown): Digest {
    const { digest, salt } = sealContent(body)
    this.sealed.set(digest, { salt, body })
    return digest
  }

  /** Content that came in a letter, already checked against its digest. */
  take(digest: Digest, document: ContentDocument): void { this.sealed.set(digest, document) }

  body<Body>(digest: Digest | undefined): Body | null {
    return digest ? ((this.sealed.get(digest)?.body as Body | undefined) ?? null) : null
  }
}

export const matchesDigest = (digest: Digest, document: ContentDocument): boolean => contentDigest(document.salt, document.body) === digest
