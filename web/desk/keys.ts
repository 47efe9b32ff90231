/** A key for one act, made once. */
export const freshKey = (): string => `desk-${Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('')}`
