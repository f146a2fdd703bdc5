/** Layer rules. Each says why, because the message is what a contributor reads when the check fails. */
const proxy = '^packages/chat-proxy/src'
const core = '^packages/chat-core/src'
const widget = '^packages/chat-widget/src'
/** Folders of chat-core behind entry points of their own, and what they share. */
const parts = 'history|versions|feedback|identity|page-context|outbox|tabs|direct|persistence'
/** Folders of chat-core that fit it to a library, which the app brings. */
const bindings = 'react|vue|svelte|ai-sdk'
const tests = '\\.(test|suite)\\.ts$|/testing/'

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'A cycle, even of types, means that two files are one thought: join them or find the third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'domain-is-pure',
      comment:
        'The domain must be testable without I/O: it may use its own files and the protocol types, nothing else.',
      severity: 'error',
      from: { path: `${proxy}/domain`, pathNot: tests },
      to: {
        pathNot: [
          `${proxy}/domain`,
          '^packages/chat-core/(src|dist)/protocol',
          '@colloquy/chat-core/protocol',
        ],
      },
    },
    {
      name: 'application-speaks-to-ports',
      comment: 'A use case names ports of the domain. Technologies come in through the composition root.',
      severity: 'error',
      from: { path: `${proxy}/application`, pathNot: tests },
      to: { path: `${proxy}/(infrastructure|presentation|config|composition-root|main)|node_modules` },
    },
    {
      name: 'infrastructure-implements-ports',
      comment: 'Adapters know the domain ports and their technology, not who calls them.',
      severity: 'error',
      from: { path: `${proxy}/infrastructure`, pathNot: tests },
      to: { path: `${proxy}/(application|presentation|config|composition-root|main)` },
    },
    {
      name: 'presentation-never-imports-infrastructure',
      comment: 'An endpoint calls a use case; if it needs a technology, a port is missing.',
      severity: 'error',
      from: { path: `${proxy}/presentation`, pathNot: tests },
      to: { path: `${proxy}/(infrastructure|config|composition-root|main)` },
    },
    {
      name: 'proxy-takes-only-the-protocol',
      comment: 'The server shares the wire contract with the client and nothing more.',
      severity: 'error',
      from: { path: proxy, pathNot: tests },
      to: { path: 'packages/(chat-core|chat-widget)/', pathNot: 'packages/chat-core/(src|dist)/protocol' },
    },
    {
      name: 'core-stands-alone',
      comment: 'chat-core runs in any JavaScript, with no other package of ours.',
      severity: 'error',
      from: { path: core, pathNot: tests },
      to: { path: 'packages/(chat-proxy|chat-widget)/' },
    },
    {
      name: 'core-needs-no-library',
      comment:
        'chat-core has no dependency. A binding alone may name the library that it is for, which the app brings.',
      severity: 'error',
      from: { path: core, pathNot: `${tests}|${core}/(${bindings})/` },
      to: { path: 'node_modules' },
    },
    {
      name: 'core-foundations-import-nothing',
      comment: 'protocol, errors and platform are what all others build on; they may not build on anything.',
      severity: 'error',
      from: { path: `${core}/(protocol|errors|platform)/`, pathNot: tests },
      to: { path: `${core}/`, pathNot: `${core}/(protocol|errors|platform)/` },
    },
    {
      name: 'core-does-not-know-its-parts',
      comment:
        'A part is paid for by whoever imports it. What the core needs to tell a part is a hook; what a part needs is on ClientCore.',
      severity: 'error',
      from: { path: core, pathNot: `${tests}|${core}/(${parts}|${bindings})/` },
      to: { path: `${core}/(${parts}|${bindings})/` },
    },
    {
      name: 'widget-never-sees-the-proxy',
      comment: 'The widget speaks the protocol over HTTP; importing the server would ship it to browsers.',
      severity: 'error',
      from: { path: widget, pathNot: tests },
      to: { path: 'packages/chat-proxy/' },
    },
    {
      name: 'no-unresolved',
      comment: 'An import that cannot be found would fail only at run time.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules|/dist/' },
    // The parser reads scripts alone; examples in single files are checked by their own compilers.
    exclude: { path: '/dist/cdn/|^examples/.*/dist/|\\.(vue|svelte)$' },
    tsPreCompilationDeps: true,
    parser: 'swc',
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['types', 'import', 'default'] },
  },
}
