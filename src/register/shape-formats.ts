// Formats of the register's shapes that JSON schema does not have.
import { isDay } from './known'

export const formats = { day: isDay }
