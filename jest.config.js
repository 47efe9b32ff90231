// Two projects: `quick` needs nothing but Node; `full` is faults, storms, the MongoDB-protocol server and the browser.
const shared = {
  testEnvironment: 'node',
  transform: { '^.+\\.(t|j|mj)s$': '@swc/jest' },
  // jose ships ES modules only; jest's own require cannot load those, so they are transformed like our files.
  transformIgnorePatterns: ['/node_modules/(?!(jose)/)', '<rootDir>/dist/'],
  // Houses are loaded on demand, by the name that they have once built.
  moduleNameMapper: { '^\\.\\./(hub/server|hub/remote-schema|node/server)\\.js$': '<rootDir>/src/$1' },
}
const full = ['<rootDir>/test/faults/**/*.test.ts', '<rootDir>/test/browser/**/*.test.ts']
module.exports = {
  // Tests wait for facts more than they compute; one worker less than there are cores would leave half of a small machine idle.
  maxWorkers: '100%',
  // Modules are loaded anew for each file, and a worker that has run many of them spends its time in collecting garbage.
  workerIdleMemoryLimit: '800MB',
  // Inside a project it would be ignored.
  testTimeout: 120_000,
  projects: [
    { ...shared, displayName: 'quick', testMatch: ['<rootDir>/test/**/*.test.ts'], testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/faults/', '<rootDir>/test/browser/', '<rootDir>/dist/'] },
    { ...shared, displayName: 'full', testMatch: full },
  ],
}
