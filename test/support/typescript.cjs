// Lets a child process of a test run our TypeScript as it stands: node -r test/support/typescript.cjs file.ts
const { readFileSync } = require('node:fs')
const Module = require('node:module')
const { join } = require('node:path')
const { transformSync } = require('@swc/core')

const configFile = join(__dirname, '../../.swcrc')

require.extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), { filename, configFile })
  module._compile(code, filename)
}

// What is loaded on demand goes by the name that it has once built.
const resolved = Module._resolveFilename
Module._resolveFilename = (name, parent, ...more) => resolved(parent?.filename?.endsWith('.ts') && /^\.\.?\/.*\.js$/.test(name) ? name.slice(0, -'.js'.length) : name, parent, ...more)
