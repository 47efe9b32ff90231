// `comity/client` in Node: the line of every desk, with a socket of `ws` where Node has none of its own.
import { WebSocket } from 'ws'
import { follow as followBy, type Line, type LineOptions } from './line'

export { Line, type Feed, type FeedEvent, type LineOptions, type LineState } from './line'

/** Opens a line. */
export const follow = (options: LineOptions): Line => followBy({ webSocket: WebSocket, ...options })
