// GraphQL of the house that served the page: HTTP and WebSocket share one path.
export const GRAPHQL = '/graphql'
export const socketUrl = (): string => `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}${GRAPHQL}`
export const graphqlUrl = (): string => `${location.origin}${GRAPHQL}`
