// The ready tabs, in the order in which a request goes its way. Dates are counted from today. Acts of one request take `reference` and `version`, which the page fills in as the request moves.
export interface ReadyTab { name: string; query: string; variables: Record<string, unknown> }

/** Who is meant to run an operation; GraphiQL names a tab by the operation that was run in it last. */
export const MEANT_FOR: Record<string, string> = {
  Draft: 'DE.OFFICIAL', Validate: 'DE.VALIDATOR', CheckDraft: 'DE.VALIDATOR', Submit: 'DE.OFFICIAL', Acknowledge: 'FR.LIAISON', UrgentRequests: 'FR.LIAISON',
  Assess: 'FR.OFFICIAL', AskForInformation: 'FR.OFFICIAL', ProposeScope: 'FR.OFFICIAL', Accept: 'FR.OFFICIAL', BeginExecution: 'FR.OFFICIAL', ReportResults: 'FR.OFFICIAL',
  AnswerScope: 'DE.OFFICIAL', ConfirmResults: 'DE.OFFICIAL', Withdraw: 'DE.OFFICIAL',
}

export const REFERENCE_WANTED = 'DE-2026-000000'

const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString()
const dayIn = (days: number): string => inDays(days).slice(0, 10)
const mark = (): string => Array.from(crypto.getRandomValues(new Uint8Array(3)), byte => byte.toString(16).padStart(2, '0')).join('')

const LEGAL_BASES = `# Needs no token: which instruments carry a
# request for evidence from Germany to France
# today, best first, and why do others not?
query LegalBases(
  $requesting: CountryCode!
  $requested: CountryCode!
  $kind: RequestKind!
  $measures: [MeasureCode!]
) {
  legalBases(
    requesting: $requesting
    requested: $requested
    kind: $kind
    measures: $measures
  ) {
    on
    usable {
      treaty { code title verified }
      articles
      channel
      languages
      dualCriminality
      timeLimits { obligation limit source }
      conditions
    }
    excluded {
      treaty { code title }
      because
      explanation
    }
  }
}
`

const MY_REQUESTS = `# All requests of your authority, from every
# store that decides about one, in one list.
query MyRequests(
  $filter: RequestFilter
  $orderBy: RequestOrder
  $first: Int
  $after: Cursor
) {
  requests(
    filter: $filter
    orderBy: $orderBy
    first: $first
    after: $after
  ) {
    nodes {
      reference
      version
      status
      kind
      urgency
      requesting { code }
      requested { code }
      requestingReference
      lastActivityAt
      deadlines { obligation of dueAt state }
      availableActs
      pending { act at }
      origin { authority stale asOf }
    }
    sources { authority state tookMs }
    pageInfo { hasNextPage endCursor }
    feedCursor
  }
}
`

const DRAFT = `# As Germany: official. Run it twice: the
# idempotencyKey makes repeating harmless.
# Another case needs another key.
mutation Draft($input: DraftRequestInput!) {
  draftRequest(input: $input) {
    request {
      reference
      version
      status
      urgency
      availableActs
    }
  }
}
`

const VALIDATE = `# As Germany: validator. Whoever drafted a
# request cannot validate it.
mutation Validate(
  $reference: String!
  $version: Int!
) {
  validateRequest(input: {
    reference: $reference
    expectedVersion: $version
    note: "Read and found complete."
  }) {
    request {
      reference
      version
      status
      availableActs
    }
  }
}

# All faults at once, to look before signing.
query CheckDraft($reference: String!) {
  checkDraft(reference: $reference) {
    severity
    path
    message
    hint
    source
  }
}
`

const SUBMIT = `# As Germany: official. Seals the request and
# sends it; a moment later France has it.
mutation Submit(
  $reference: String!
  $version: Int!
) {
  submitRequest(input: {
    reference: $reference
    expectedVersion: $version
  }) {
    request {
      reference
      version
      status
      submittedAt
      availableActs
    }
  }
}
`

const ACKNOWLEDGE = `# As France: desk. From delivery on, France
# decides about the request.
mutation Acknowledge(
  $reference: String!
  $version: Int!
  $handler: String!
  $ownReference: String!
) {
  acknowledgeRequest(input: {
    reference: $reference
    expectedVersion: $version
    handler: $handler
    ownReference: $ownReference
  }) {
    request {
      reference
      version
      status
      requestedReference
      availableActs
      deadlines { obligation of dueAt state }
    }
  }
}
`

const FURTHER_ACTS = `# The rest of the way: ▶ offers each by name.
# As France: official.
mutation Assess(
  $reference: String!
  $version: Int!
) {
  beginAssessment(input: {
    reference: $reference
    expectedVersion: $version
  }) { request { ...Now } }
}

mutation AskForInformation(
  $reference: String!
  $version: Int!
  $answerBy: Instant!
) {
  askForInformation(input: {
    reference: $reference
    expectedVersion: $version
    missing: ["When the account was used"]
    answerBy: $answerBy
  }) { request { ...Now } }
}

mutation ProposeScope(
  $reference: String!
  $version: Int!
) {
  proposeScope(input: {
    reference: $reference
    expectedVersion: $version
    objections: ["TIME_WINDOW_TOO_WIDE"]
    proposal: "The week before the threat."
  }) { request { ...Now } }
}

mutation Accept(
  $reference: String!
  $version: Int!
) {
  acceptRequest(input: {
    reference: $reference
    expectedVersion: $version
    reasons: "The conditions are met."
  }) { request { ...Now } }
}

mutation BeginExecution(
  $reference: String!
  $version: Int!
) {
  beginExecution(input: {
    reference: $reference
    expectedVersion: $version
  }) { request { ...Now } }
}

mutation ReportResults(
  $reference: String!
  $version: Int!
  $items: [ResultItemInput!]!
) {
  reportResults(input: {
    reference: $reference
    expectedVersion: $version
    items: $items
    complete: true
  }) { request { ...Now } }
}

# As Germany: official.
mutation AnswerScope(
  $reference: String!
  $version: Int!
) {
  answerScopeProposal(input: {
    reference: $reference
    expectedVersion: $version
    accept: true
  }) { request { ...Now } }
}

mutation ConfirmResults(
  $reference: String!
  $version: Int!
) {
  confirmResults(input: {
    reference: $reference
    expectedVersion: $version
  }) { request { ...Now } }
}

mutation Withdraw(
  $reference: String!
  $version: Int!
) {
  withdrawRequest(input: {
    reference: $reference
    expectedVersion: $version
    reason: "The account was secured."
  }) { request { ...Now } }
}

# As either, when it has ended.
mutation Close(
  $reference: String!
  $version: Int!
) {
  closeRequest(input: {
    reference: $reference
    expectedVersion: $version
  }) { request { ...Now } }
}

fragment Now on Request {
  reference
  version
  status
  availableActs
  pending { act at }
  deadlines { obligation of dueAt state }
}
`

const ONE_REQUEST = `# One request, as either side sees it.
query OneRequest($reference: String!) {
  request(reference: $reference) {
    reference
    version
    status
    urgency
    requestingReference
    requestedReference
    availableActs
    pending { act at }
    deadlines { obligation of dueAt state source }
    dossier {
      facts
      purpose
      urgencyGround
      neededBy
      identifiers { kind value }
      preservation { until followUpIntended }
    }
    decision { result at reasons conditions }
    results { label mediaType bytes sha256 }
    timeline {
      nodes {
        at
        by
        type
        act
        status
        version
        note
        details {
          __typename
          ... on Acknowledgement {
            handler
            ownReference
          }
          ... on InformationWanted {
            missing
            answerBy
          }
          ... on ScopeProposal {
            objections
            proposal
          }
          ... on Decision { result reasons }
          ... on Reason { reason }
        }
        refusal { code message }
      }
    }
    origin { authority stale asOf }
  }
}
`

const URGENT = `# As France: desk. Leave it running in a second
# window and submit in this one. With the last
# cursor as \`after\` nothing is missed.
subscription UrgentRequests($after: Cursor) {
  urgentRequests(after: $after) {
    cursor
    cause
    at
    respondBy
    request {
      reference
      version
      urgency
      status
      kind
      requesting { code name }
      deadlines { obligation dueAt state }
      availableActs
    }
  }
}
`

const STATUS = `# Every change of status of the requests that
# you may see, whichever side decided it.
subscription StatusChanged(
  $filter: RequestFilter
  $after: Cursor
) {
  statusChanged(filter: $filter, after: $after) {
    cursor
    at
    by
    from
    to
    version
    request {
      reference
      kind
      urgency
      requesting { code }
      requested { code }
      availableActs
    }
  }
}
`

const draftInput = (caseMark: string): Record<string, unknown> => ({
  idempotencyKey: `playground-${dayIn(0)}-${caseMark}`,
  kind: 'PRESERVATION', matter: 'CRIMINAL', urgency: 'URGENT', requested: 'FR', ownReference: `12 Js ${parseInt(caseMark.slice(0, 4), 16)}/26`,
  legalBases: [{ treatyCode: 'COE185', article: '29' }],
  measures: ['PRESERVE'],
  dossier: {
    facts: 'Messages sent from the account in the last days announce an attack on a named school and give a day. The provider keeps such messages for a few days only.',
    purpose: 'To secure the messages before they are deleted, as evidence against the author of the threats.',
    nexus: 'The threats were sent from this account, which is held with a provider in France.',
    offences: [{ name: 'Threat of a grave crime', provision: 'Section 241(2) of the Criminal Code: whoever threatens another with a grave crime is liable to imprisonment of up to two years.', maxPenaltyYears: 2 }],
    persons: [],
    identifiers: [{ kind: 'EMAIL', value: `holder.${caseMark}@example.org` }],
    stage: 'INVESTIGATION',
    issuedBy: 'Public prosecutor on duty',
    urgencyGround: 'The provider deletes the messages within days.',
    neededBy: inDays(3),
    timeWindow: { from: inDays(-20), to: inDays(-1) },
    dataClasses: ['CONTENT', 'TRAFFIC'],
    custodian: 'Mail provider with its seat in Paris',
    preservation: { until: dayIn(90), followUpIntended: true },
    formalities: [],
    proportionality: { aim: 'To clear up a threat against many persons.', necessity: 'The provider alone holds the messages.', lessIntrusive: 'The data are only kept, not handed over.' },
    dualCriminalityStatement: 'Threats of a grave crime are offences in both states.',
    confidentiality: 'CONFIDENTIAL',
    useRestrictions: ['USE_ONLY_FOR_CASE'],
    retainUntil: dayIn(5 * 365),
    language: 'en',
  },
})

const act = { reference: REFERENCE_WANTED, version: 1 }

export function readyTabs(): ReadyTab[] {
  const caseMark = mark()
  return [
    { name: 'LegalBases', query: LEGAL_BASES, variables: { requesting: 'DE', requested: 'FR', kind: 'EVIDENCE', measures: ['BANK_ACCOUNTS'] } },
    { name: 'MyRequests', query: MY_REQUESTS, variables: { filter: { open: true }, orderBy: 'DUE_FIRST', first: 20, after: null } },
    { name: 'Draft', query: DRAFT, variables: { input: draftInput(caseMark) } },
    { name: 'Validate', query: VALIDATE, variables: act },
    { name: 'Submit', query: SUBMIT, variables: act },
    { name: 'Acknowledge', query: ACKNOWLEDGE, variables: { ...act, handler: 'Unit for international cooperation, duty desk', ownReference: `N 26/${parseInt(caseMark.slice(2), 16)}` } },
    {
      name: 'Assess', query: FURTHER_ACTS,
      variables: { ...act, answerBy: inDays(14), items: [{ label: 'Confirmation of the provider', mediaType: 'application/pdf', bytes: 48211, sha256: 'a3'.repeat(32), sensitivity: [] }] },
    },
    { name: 'OneRequest', query: ONE_REQUEST, variables: { reference: REFERENCE_WANTED } },
    { name: 'UrgentRequests', query: URGENT, variables: { after: null } },
    { name: 'StatusChanged', query: STATUS, variables: { filter: null, after: null } },
  ]
}
