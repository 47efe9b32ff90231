// Imported before anything else: outside production graphql-js looks at every value for a second copy of itself, which costs a merged page some percent.
process.env['NODE_ENV'] ??= 'production'
