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
  globs: ['src/chat-widget/chat-widget.ts', 'src/chat-widget/widget-settings.ts'],
  outdir: 'dist',
  litelement: true,
  packagejson: false,
  plugins: [
    {
      name: 'public-only',
      packageLinkPhase({ customElementsManifest }) {
        const { modules } = customElementsManifest
        for (const module of modules) {
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
            // From which class of ours something comes is nothing to a page.
            for (const inherited of [...element.members, ...element.attributes])
              delete inherited.inheritedFrom
          }
          module.exports = [
            { kind: 'js', name: 'ChatWidget', declaration: { name: 'ChatWidget' } },
            { kind: 'custom-element-definition', name: 'chat-widget', declaration: { name: 'ChatWidget' } },
          ]
        }
        customElementsManifest.modules = modules.filter(({ declarations }) => declarations.length > 0)
      },
    },
  ],
}
