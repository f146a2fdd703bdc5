const INTERNAL = new Set([
  'createRenderRoot',
  'render',
  'willUpdate',
  'updated',
  'firstUpdated',
  'connectedCallback',
  'disconnectedCallback',
])

/** What editors and documentation tools read about `<chat-widget>`: what a page may use, and nothing else. */
export default {
  globs: ['src/chat-widget/chat-widget.ts'],
  outdir: 'dist',
  litelement: true,
  packagejson: false,
  plugins: [
    {
      name: 'public-only',
      packageLinkPhase({ customElementsManifest }) {
        for (const module of customElementsManifest.modules) {
          module.path = 'dist/chat-widget/chat-widget.js'
          module.declarations = module.declarations.filter(({ name }) => name === 'ChatWidget')
          for (const element of module.declarations) {
            element.tagName = 'chat-widget'
            element.customElement = true
            element.superclass = undefined
            element.members = element.members.filter(
              ({ name, privacy, static: isStatic }) =>
                !privacy &&
                !isStatic &&
                !name.startsWith('#') &&
                !name.startsWith('_') &&
                !INTERNAL.has(name),
            )
          }
          module.exports = [
            { kind: 'js', name: 'ChatWidget', declaration: { name: 'ChatWidget' } },
            { kind: 'custom-element-definition', name: 'chat-widget', declaration: { name: 'ChatWidget' } },
          ]
        }
      },
    },
  ],
}
