// What passes between the one stream of a feed and its many desks. Knows positions, not what a line means nor how it is sent.

/** One line of a stream: its position, sealed as a cursor too. */
export interface Line { seq: number; cursor: string }
export type Place = Line

/** One event as it is sent, made once for all desks that ask alike. */
export class Told {
  /** As each transport sends it to everybody alike; made at the first need. */
  event: Buffer | null = null
  payload: { readonly bytes: string } | null = null

  /** `cursor`: null where nobody resumes from it. */
  constructor(readonly seq: number, readonly cursor: string | null, readonly text: string) {}
}

/** Where events go. Never waited for but while the past is read. */
export interface Desk {
  tell(told: Told): void
  /** Resolves when what was told has left, or the desk has. */
  flushed(): Promise<void>
  /** The feed cannot go on for this desk. */
  end(thrown: unknown): void
}

/** What a desk wants to hear. */
export interface Question<L extends Line, Context> {
  /** Equal for questions that let the same lines through. */
  filter: string
  /** Only lines under one of these keys may fit; null: any may. */
  keys: readonly string[] | null
  /** It begins with how things stand, each time anew: the cursors of its lines are nobody's. */
  isSnapshot?: true
  accepts(line: L): boolean
  /** What is told of a line; null passes over it. */
  root(context: Context, line: L): Promise<object | null> | object | null
  /** Judged on what is told, where the line alone does not say enough. */
  passes?(context: Context, root: object): boolean
}

/** `AGAIN`: cannot be had now, and must not be lost. `DENIED`: this asker may not, another may. */
export type Rendered = { state: 'TOLD'; told: Told; passes: (question: unknown) => boolean } | { state: 'NOTHING' } | { state: 'AGAIN' } | { state: 'DENIED'; because: unknown }

/** One desk's operation, as the door hands it over. */
export interface Operation<L extends Line> {
  /** Equal for operations whose events are the same bytes: selection, variables in it, rights. */
  alike: string
  desk: Desk
  render(line: L): Promise<Rendered>
}

export interface Page<L extends Line> { lines: L[]; end: Place }

/** Where a stream comes from, as one house has it. */
export interface Source<L extends Line, Asker> {
  /** Says where it stands, then each line; returns where the line is lost, throws a Refusal where it is refused. */
  follow(place: Place | null, voice: Asker, heard: { begin(place: Place): void; line(line: L): void }, signal: AbortSignal): Promise<void>
  /** What lies behind a cursor, at most a page; a Refusal where the cursor or the asker is refused, null where it cannot be had now. */
  page(asker: Asker, after: string, signal: AbortSignal): Promise<Page<L> | null>
  keysOf(line: L): readonly string[]
}

export interface Asking { expiresAt: number | null }
