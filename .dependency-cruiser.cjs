// The imports that are allowed in src: between folders, and of libraries. `npm run lint` checks them.

/** Top to bottom. A floor imports from the floors below it; two folders on one floor do not import each other. */
const floors = [
  ['cli'],
  ['front'],
  ['server'],
  ['handlers'],
  ['domain'],
  ['auth'],
  ['backend', 'config', 'snapshot'],
  ['framing', 'limits', 'protocol'],
  ['util'],
];

const ground = ['framing', 'limits', 'protocol', 'util'];

/** Folders beside the floors. They import only the ground, and only cli imports them. */
const apart = ['client', 'dev-backend'];

/** The rooms of a floor, top to bottom. Rooms on the same line do not import each other. */
const rooms = {
  auth: [['login'], ['tokens'], ['store']],
  backend: [['account', 'issuer'], ['request'], ['http']],
  cli: [['completion', 'dev', 'login', 'redeem', 'upstream'], ['usage'], ['start', 'terminal']],
  client: [
    ['redemption', 'watch'],
    ['connection', 'record'],
  ],
  server: [['messages'], ['requests']],
};

const folders = [...floors.flat(), ...apart];

/** An optional peer dependency. It is not in the bundles, and is loaded only when it is needed. */
const optionalPeer = '^node_modules/@napi-rs/keyring/';

function mayImport(folder) {
  if (folder === 'cli') return folders;
  if (apart.includes(folder)) return [folder, ...ground];
  const floor = floors.findIndex((names) => names.includes(folder));
  return [folder, ...floors.slice(floor + 1).flat()];
}

/** The rooms that a room must not import: those beside it and above it. */
function forbiddenFor(room, levels) {
  const level = levels.findIndex((names) => names.includes(room));
  return levels
    .slice(0, level + 1)
    .flat()
    .filter((name) => name !== room);
}

function roomRules([folder, levels]) {
  return levels
    .flat()
    .map((room) => ({ room, forbidden: forbiddenFor(room, levels) }))
    .filter(({ forbidden }) => forbidden.length > 0)
    .map(({ room, forbidden }) => ({
      name: `${folder}-${room}-imports-down-only`,
      comment: `${folder}/${room} may not import: ${forbidden.join(', ')}.`,
      severity: 'error',
      from: { path: `^src/${folder}/${room}/` },
      to: { path: `^src/${folder}/(${forbidden.join('|')})/` },
    }));
}

function isIn(names) {
  return `^src/(${names.join('|')})/`;
}

/** Type imports and dynamic imports count too. */
function onlyNamedBy(library, users) {
  return {
    name: `${library}-out-of-place`,
    comment: `Only ${users.join(', ')} may name ${library}.`,
    severity: 'error',
    from: { path: '^src/', pathNot: users },
    to: { path: `^node_modules/${library}/` },
  };
}

module.exports = {
  forbidden: [
    ...folders.map((folder) => ({
      name: `${folder}-imports-down-only`,
      comment: `${folder} may import: ${mayImport(folder).join(', ')}.`,
      severity: 'error',
      from: { path: isIn([folder]) },
      to: { path: '^src/', pathNot: isIn(mayImport(folder)) },
    })),
    ...Object.entries(rooms).flatMap(roomRules),
    {
      name: 'auth-has-one-face',
      comment: 'The floors above import only create-auth of auth.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/auth/' },
      to: { path: '^src/auth/', pathNot: '^src/auth/create-auth\\.ts$' },
    },
    {
      name: 'every-folder-has-a-floor',
      severity: 'error',
      from: { path: '^src/', pathNot: isIn([...folders, 'build']) },
      to: {},
    },
    {
      name: 'build-scripts-stay-out-of-the-program',
      severity: 'error',
      from: { path: isIn(['build']) },
      to: { path: '^src/', pathNot: isIn(['build']) },
    },
    { name: 'no-circle', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphan',
      severity: 'error',
      from: {
        orphan: true,
        pathNot: ['^src/cli/main\\.ts$', '^src/protocol/generate/main\\.ts$', '\\.d\\.ts$'],
      },
      to: {},
    },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'only-declared-packages',
      severity: 'error',
      from: { path: '^src/' },
      // Libraries stand in the bundles, so all of them are devDependencies.
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'], pathNot: optionalPeer },
    },
    {
      name: 'schema-generator-stays-out-of-the-program',
      comment:
        'json-schema-to-typescript would end up in the bundles: only protocol/generate may lead to it.',
      severity: 'error',
      from: { path: '^src/cli/(main|offline|program|texts)\\.ts$' },
      to: { path: '^node_modules/json-schema-to-typescript/', reachable: true },
    },
    onlyNamedBy('json-schema-to-typescript', ['^src/protocol/generate/']),
    onlyNamedBy('vscode-jsonrpc', ['^src/server/']),
    onlyNamedBy('undici', ['^src/backend/http/']),
    onlyNamedBy('@clack/prompts', ['^src/cli/terminal/clack-prompts\\.ts$']),
    onlyNamedBy('@napi-rs/keyring', ['^src/auth/store/keyring\\.ts$']),
    onlyNamedBy('zod', ['^src/protocol/']),
    {
      name: 'zod-stays-out-of-the-program',
      comment: 'zod takes milliseconds to load: code that runs imports only the types of the schemas.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/protocol/(schema|generate)/' },
      to: { path: '^(src/protocol/(schema|generate)/|node_modules/zod/)', dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: '^node_modules/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
