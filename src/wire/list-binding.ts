// What the cursor of a list is bound to, so that it opens in its own place alone.
import { canonical, sha256Hex } from './canonical'

/** House, authority, role, field and all arguments but `first` and `after`. */
export const listBinding = (house: string, { authority, role }: { authority: string | null; role: string }, field: string, args: unknown): string =>
  `list ${house} ${authority} ${role} ${field} ${sha256Hex(canonical(JSON.parse(JSON.stringify(args))))}`
