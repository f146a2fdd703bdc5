// The API reference: one page for each entry point of the packages, from the docstrings in their declarations.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Converter } from 'typedoc'

/** The declarations behind every name that an app can import, by file. `define` exports nothing. */
const names = new Map(['chat-core', 'chat-widget', 'chat-proxy'].flatMap(namesOf))

function namesOf(folder) {
  const at = join(import.meta.dirname, '../packages', folder)
  const { name, exports } = JSON.parse(readFileSync(join(at, 'package.json'), 'utf8'))
  return Object.entries(exports)
    .filter(([entry, { types }]) => types && entry !== './define')
    .map(([entry, { types }]) => [join(at, types), join(name, entry)])
}

/** A page is called what its reader imports, not after the file that it was read from. */
function nameAfterImports({ converter }) {
  converter.on(Converter.EVENT_CREATE_DECLARATION, (context, reflection) => {
    const file = context.getSymbolFromReflection(reflection)?.declarations?.[0]?.getSourceFile().fileName
    if (reflection.parent === context.project && names.has(file)) reflection.name = names.get(file)
  })
}

/** @type {Partial<import('typedoc').TypeDocOptions & import('typedoc-plugin-markdown').PluginOptions>} */
export default {
  plugin: ['typedoc-plugin-markdown', nameAfterImports],
  entryPoints: [...names.keys()],
  tsconfig: 'tsconfig.api.json',
  out: 'api',
  router: 'module',
  readme: 'none',
  skipErrorChecking: true,
  excludeExternals: true,
  excludePrivate: true,
  disableSources: true,
  hidePageHeader: true,
  hideBreadcrumbs: true,
  entryFileName: 'index',
  expandObjects: true,
  useCodeBlocks: true,
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  classPropertiesFormat: 'table',
  typeDeclarationFormat: 'table',
  logLevel: 'Warn',
}
