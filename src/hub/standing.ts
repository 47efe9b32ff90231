// Whether a viewer's right still stands, as its own authority's node knows it: shown by its answer where an operation asks it under the viewer's token anyway,
// asked about at each other one. One question to a node at a time: who comes meanwhile is asked about together. A node that does not answer leaves its people what needs no node.
import type { OperationDefinitionNode } from 'graphql'
import type { Withdrawals } from '../access/withdrawals'
import type { AuthorityId } from '../domain/request'
import type { Viewer } from '../domain/viewer'
import type { StandingAnswer } from '../peer/reading'
import type { Houses } from './houses'

/** Queries that ask nobody before the viewer's own node, which judges the token itself. */
const FIRST_AT_HOME: readonly string[] = ['request', 'requests', 'statusChanges', 'timelineEvent', 'checkDraft', 'accessLog', 'handOvers']

export const isJudgedAtHome = ({ operation, selectionSet }: OperationDefinitionNode): boolean =>
  operation === 'query' && selectionSet.selections.every(selection => selection.kind === 'Field' && FIRST_AT_HOME.includes(selection.name.value))

const CALLERS_AT_ONCE = 1_000
const NEVER = new AbortController().signal

export class Standing {
  readonly #lines = new Map<AuthorityId, Line>()

  /** `own`: of the roles that the hub issues itself. */
  constructor(private readonly houses: Houses, private readonly own: Withdrawals) {}

  async withdrawn(viewers: readonly Viewer[]): Promise<Set<Viewer>> {
    const named = viewers.filter(viewer => viewer.token !== null)
    const gone = await this.own.among(named.filter(viewer => viewer.authority === null))
    const asked = await Promise.all(named.filter(viewer => viewer.authority !== null).map(async viewer => ((await this.#line(viewer.authority ?? '').isWithdrawn(viewer)) ? viewer : null)))
    for (const viewer of asked) if (viewer) gone.add(viewer)
    return gone
  }

  #line(authority: AuthorityId): Line {
    const line = this.#lines.get(authority) ?? new Line(authority, this.houses)
    this.#lines.set(authority, line)
    return line
  }
}

interface Question { viewer: Viewer; answer: (isWithdrawn: boolean) => void }

class Line {
  #next: Question[] = []
  #isAsking = false
  /** The last question was not answered: nobody waits for the next one. */
  #isSilent = false

  constructor(private readonly authority: AuthorityId, private readonly houses: Houses) {}

  isWithdrawn(viewer: Viewer): Promise<boolean> {
    const answered = new Promise<boolean>(answer => this.#next.push({ viewer, answer }))
    if (!this.#isAsking) void this.#run()
    return this.#isSilent ? Promise.resolve(false) : answered
  }

  async #run(): Promise<void> {
    this.#isAsking = true
    while (this.#next.length > 0) {
      const questions = this.#next.splice(0, CALLERS_AT_ONCE)
      const withdrawn = await this.#ask(questions)
      questions.forEach(({ answer }, i) => answer(withdrawn.has(i)))
    }
    this.#isAsking = false
  }

  async #ask(questions: readonly Question[]): Promise<Set<number>> {
    const outcome = await this.houses.standing(this.authority, questions.map(({ viewer: { token, subject, role } }) => ({ token, subject, role })), NEVER)
    const body = outcome.state === 'ANSWERED' && outcome.status === 200 ? (outcome.body as Partial<StandingAnswer> | null) : null
    this.#isSilent = !Array.isArray(body?.withdrawn)
    return new Set(Array.isArray(body?.withdrawn) ? body.withdrawn : [])
  }
}
