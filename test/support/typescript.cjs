// Lets a child process of a test run our TypeScript as it stands: node -r test/support/typescript.cjs file.ts
const { readFileSync } = require('node:fs')
const { join } = require('node:path')
const { transformSync } = require('@swc/core')

const configFile = join(__dirname, '../../.swcrc')

require.extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), { filename, configFile })
  module._compile(code, filename)
}
