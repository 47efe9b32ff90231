// What a machine can check of how we write; each rule is a habit of the project, not a taste.
import tseslint from 'typescript-eslint'

const naming = ['service', 'manager', 'helper', 'util', 'impl']

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', 'web/**', 'coverage/**', 'test/mongo-server/**'] },
  {
    files: ['src/**/*.ts', 'schema/**/*.ts', 'resolvers/**/*.ts'],
    extends: [...tseslint.configs.recommended],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/ban-ts-comment': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' }],
      'id-denylist': ['error', ...naming],
      'no-restricted-syntax': ['error',
        { selector: 'NewExpression[callee.name="Error"]', message: 'Throw a Refusal (expected, coded) or a fault() (ours): a vanilla Error tells neither.' },
        { selector: 'Identifier[name="EmbeddedJWK"]', message: 'It accepts the attacker\'s own key.' },
      ],
    },
  },
)
