// The one spelling of bytes on the wire: base64url without padding and without loose bits. Whatever has a second spelling is refused.

/** The bytes, or null where this text is not exactly what they would be written as. */
export function bytesOfBase64url(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64url')
  return bytes.toString('base64url') === text ? bytes : null
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** UTF-8 read to the letter: throws on bytes that are none, keeps a byte order mark (which no JSON may begin with). */
export const textOf = (bytes: Uint8Array): string => decoder.decode(bytes)

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
