/** One Jest setup for every suite; test/run.mjs chooses which files run and what services they get. */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          keepClassNames: true,
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
        },
        module: { type: 'es6' },
      },
    ],
  },
  moduleNameMapper: {
    '^#platform/(.+)$': '<rootDir>/libs/platform/$1/index.ts',
    '^#(kernel|identity|audit|programme|documents|claims|ledger|grants|payments|funding)$':
      '<rootDir>/libs/$1/index.ts',
    '^#(identity|audit|programme|documents|claims|ledger|grants|payments|funding)/domain$':
      '<rootDir>/libs/$1/domain/index.ts',
    '^#(claims|grants|payments)/documents$': '<rootDir>/libs/$1/documents/index.ts',
    '^#(migrations|seeds)$': '<rootDir>/$1/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  // What a spec loads is never given back (modules of the VM): a worker that grew is replaced before the next spec.
  workerIdleMemoryLimit: '1GB',
  testMatch: ['<rootDir>/**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/var/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/var/'],
};
