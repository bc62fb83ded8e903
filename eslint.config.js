import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import tseslint from 'typescript-eslint';

/** Workspace packages that each package may import. */
const PACKAGES = {
  core: [],
  conformance: ['core'],
  blocks: ['core'],
  'store-sqlite': ['core', 'blocks'],
  'store-mysql': ['core'],
  kafka: ['core'],
  grpc: ['core'],
  http: ['core'],
  console: [],
  cli: ['core', 'store-sqlite', 'http', 'console'],
};

/** Folders of the same package that each folder of `src` may import. */
const FOLDERS = {
  core: {
    util: [],
    'util/net': ['clock', 'errors', 'option-checks'],
    event: ['util'],
    filter: ['util', 'event'],
    contracts: ['util', 'event', 'filter'],
    memory: ['util', 'event', 'filter', 'contracts'],
    query: ['util', 'event', 'filter', 'contracts'],
    delivery: ['util', 'event', 'filter', 'contracts'],
    intake: ['util', 'event', 'filter', 'contracts'],
    tail: ['util', 'event', 'filter', 'contracts', 'query'],
    retention: ['util', 'event', 'filter', 'contracts', 'query'],
    engine: [
      'util',
      'event',
      'filter',
      'contracts',
      'memory',
      'query',
      'delivery',
      'intake',
      'retention',
      'tail',
    ],
    adapter: ['util', 'event', 'filter', 'contracts', 'query', 'intake'],
  },
  blocks: {
    bytes: [],
    column: ['bytes', 'limits'],
    template: ['bytes', 'column'],
    ids: ['bytes', 'bounds'],
    events: ['bytes', 'column', 'ids'],
    search: ['bytes', 'template', 'events'],
    block: ['bytes', 'column', 'template', 'events', 'search'],
    summary: ['bytes', 'column', 'ids', 'events', 'limits', 'bounds'],
    read: ['bytes', 'column', 'template', 'events', 'block', 'search', 'summary', 'bounds'],
    counts: ['template', 'block', 'summary', 'read', 'bounds'],
  },
  // The folder says where a file runs: sqlite, journal, rows, blocks, retention and store in worker threads, host and broker on the main thread,
  // thread on both sides of the boundary.
  'store-sqlite': {
    sqlite: [],
    thread: ['sqlite'],
    journal: ['sqlite', 'thread'],
    rows: ['sqlite', 'thread'],
    blocks: ['sqlite', 'thread', 'rows'],
    retention: ['sqlite', 'thread', 'rows', 'blocks'],
    store: ['sqlite', 'thread', 'rows', 'blocks', 'retention'],
    host: [
      'sqlite/driver',
      'sqlite/driver-error',
      'sqlite/file-errors',
      'sqlite/file-identity',
      'sqlite/private-copy',
      'thread',
      'store/store-protocol',
      'store/worker',
      'store/read-only-worker',
    ],
    broker: ['host', 'thread', 'journal/journal-protocol', 'journal/worker'],
  },
  'store-mysql': {
    sql: [],
    connection: ['sql'],
    pool: ['sql', 'connection'],
    schema: ['sql', 'connection'],
    append: ['sql', 'connection', 'pool'],
    read: ['sql', 'connection', 'pool'],
    documents: ['sql', 'connection', 'pool'],
    retention: ['sql', 'connection', 'pool'],
    store: ['sql', 'connection', 'pool', 'schema', 'append', 'read', 'documents', 'retention'],
  },
  kafka: {
    contracts: [],
    compression: [],
    kafkajs: ['contracts', 'compression'],
    offsets: ['contracts'],
    publish: ['contracts', 'offsets'],
    coordination: ['contracts', 'offsets'],
    consume: ['contracts', 'offsets', 'coordination'],
    broker: ['contracts', 'kafkajs', 'offsets', 'publish', 'coordination', 'consume'],
  },
  grpc: {
    transport: [],
    wire: ['generated'],
    client: ['generated', 'wire', 'transport'],
    server: ['generated', 'wire', 'transport'],
  },
  // Only server/ needs Node.js: the rest uses web standards.
  http: {
    wire: ['\\.\\./package\\.json'],
    routes: ['wire'],
    handler: ['wire', 'routes'],
    server: ['wire', 'handler'],
  },
  // The app of the console. Pages may import everything. These folders may not import pages.
  console: {
    'app/api': [],
    'app/text': ['api'],
    'app/i18n': [],
    'app/time': [],
    'app/query': ['api', 'text'],
    'app/keys': ['i18n'],
    'app/route': ['time', 'i18n'],
    'app/settings': ['route', 'time', 'keys'],
  },
  // command/ reads arguments; only main.ts uses the process.
  cli: {
    system: [],
    browser: ['system'],
    window: ['system'],
    install: ['system', 'browser'],
    desktop: ['system', 'browser', 'window'],
    command: ['system', 'desktop', 'install', '\\.\\./package\\.json'],
  },
};

/** Globals that fake timers replace. They would stop an engine that used these globals. */
const REPLACED_GLOBALS = [
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
  'setImmediate',
  'clearImmediate',
  'queueMicrotask',
  'performance',
].map((name) => ({
  name,
  message: 'Use the clock, or util/timers in core: test runners replace this global.',
}));

const packagePatterns = (name, allowed) => [
  {
    regex: `^@vigilant/(?!(${allowed.join('|') || '-'})(/adapter)?$)`,
    message: `${name} may import only: ${allowed.join(', ') || 'no other package'}.`,
  },
  { regex: '^(\\.\\./)+(packages|[a-z-]+/src)/', message: 'No deep imports across packages.' },
  ...(name === 'core' ? [{ regex: '^(?!node:|\\.)', message: 'core has no dependency.' }] : []),
];

const packageRule = (name, allowed) => ({
  files: [`packages/${name}/src/**`],
  rules: { 'no-restricted-imports': ['error', { patterns: packagePatterns(name, allowed) }] },
});

/** Replaces the rule of the package for the files of a folder. */
const folderRule = (name, folder, allowed) => ({
  files: [`packages/${name}/src/${folder}/**`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          ...packagePatterns(name, PACKAGES[name]),
          {
            regex: `^\\.\\./(?!(${allowed.join('|') || '-'})([/?]|$))`,
            message: `${folder}/ may import only: ${allowed.join(', ') || 'no other folder'}.`,
          },
        ],
      },
    ],
  },
});

export default tseslint.config(
  { ignores: ['**/dist/', '**/node_modules/', '**/generated/', 'bench/out/', '.cache/', 'coverage/'] },
  js.configs.recommended,
  tseslint.configs.recommended,
  ...svelte.configs.recommended,
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
    rules: {
      // svelte-check does this with types.
      'no-undef': 'off',
      // Logged text must never become markup.
      'svelte/no-at-html-tags': 'error',
      'svelte/no-target-blank': 'error',
      // Data outside the reactive state is plain on purpose.
      'svelte/prefer-svelte-reactivity': 'off',
      // Links stay within the base path through the router.
      'svelte/no-navigation-without-resolve': 'off',
    },
  },
  {
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-empty-object-type': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-control-regex': 'off',
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
      ],
    },
  },
  {
    // Packages run in the process of an application: they print nothing and read no environment variables.
    files: ['packages/*/src/**'],
    rules: {
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Take an option instead.' },
        { object: 'process', property: 'on', message: 'No process-wide handlers.' },
        { object: 'process', property: 'exit', message: 'Only a program may exit.' },
      ],
      'max-lines': ['error', { max: 300, skipBlankLines: false, skipComments: false }],
    },
  },
  {
    // Test runners replace these globals. The conformance suite and the page of the console are not part of an engine.
    files: ['packages/*/src/**'],
    ignores: ['packages/conformance/**', 'packages/console/src/app/**'],
    rules: { 'no-restricted-globals': ['error', ...REPLACED_GLOBALS] },
  },
  {
    // These run only in worker threads, which no test runner changes.
    files: [
      'packages/store-sqlite/src/{sqlite,journal,store}/**',
      'packages/store-sqlite/src/thread/serve.ts',
    ],
    rules: { 'no-restricted-globals': 'off' },
  },
  {
    // The outermost layer of the program.
    files: ['packages/cli/src/main.ts'],
    rules: { 'no-console': 'off', 'no-restricted-properties': 'off', 'no-restricted-globals': 'off' },
  },
  ...Object.entries(PACKAGES).map(([name, allowed]) => packageRule(name, allowed)),
  ...Object.entries(FOLDERS).flatMap(([name, folders]) =>
    Object.entries(folders).map(([folder, allowed]) => folderRule(name, folder, allowed)),
  ),
  {
    files: ['**/*.config.{ts,js}', 'eslint.config.js', '**/*.d.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['scripts/**', 'bench/**', 'examples/**', '**/test/**', '*.js'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        Buffer: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
        setImmediate: 'readonly',
        performance: 'readonly',
        fetch: 'readonly',
        AbortController: 'readonly',
        AbortSignal: 'readonly',
      },
    },
  },
  {
    // Parts of these run in the page.
    files: ['bench/src/console/**'],
    languageOptions: {
      globals: {
        document: 'readonly',
        window: 'readonly',
        addEventListener: 'readonly',
        removeEventListener: 'readonly',
        requestAnimationFrame: 'readonly',
        MutationObserver: 'readonly',
        PerformanceObserver: 'readonly',
        URLSearchParams: 'readonly',
      },
    },
  },
);
