// The API reference: one page for each entry point of the packages, from the docstrings in their declarations.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Converter, PageEvent, ReflectionKind } from 'typedoc'

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

/** A number says nothing by its type: whoever reads of one has to be told what it counts, and in which unit. */
function requireUnits({ converter, logger }) {
  converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => {
    for (const property of project.getReflectionsByKind(ReflectionKind.Property)) {
      if (isNumber(property.type) && !saysWhatItIs(property))
        logger.error(
          `${property.getFullName()} is a number without a docstring: what does it count, in which unit?`,
        )
    }
  })
}

const isNumber = (type) =>
  type?.name === 'number' || (type?.types ?? []).some((alternative) => isNumber(alternative))

/** Numbers of an object that has no name of its own may be told of where that object is. */
const saysWhatItIs = (reflection) =>
  reflection.hasComment() ||
  (reflection.parent?.name === '__type' && saysWhatItIs(reflection.parent)) ||
  (reflection.name === '__type' && saysWhatItIs(reflection.parent))

/** The list of all pages has the heading of the page that includes it. */
function withoutHeading({ renderer }) {
  renderer.on(PageEvent.END, (page) => {
    if (page.url === 'modules.md') page.contents = page.contents.slice(page.contents.indexOf('\n- ') + 1)
  })
}

/** @type {Partial<import('typedoc').TypeDocOptions & import('typedoc-plugin-markdown').PluginOptions>} */
export default {
  plugin: ['typedoc-plugin-markdown', nameAfterImports, requireUnits, withoutHeading],
  entryPoints: [...names.keys()],
  tsconfig: 'tsconfig.api.json',
  out: 'api',
  router: 'module',
  readme: 'none',
  skipErrorChecking: true,
  excludeExternals: true,
  excludePrivate: true,
  groupOrder: ['Functions', 'Classes', '*'],
  disableSources: true,
  hidePageHeader: true,
  hideBreadcrumbs: true,
  entryFileName: 'modules',
  // What is made stands beside the page that includes the list of it.
  cleanOutputDir: false,
  expandObjects: true,
  useCodeBlocks: true,
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  classPropertiesFormat: 'table',
  typeDeclarationFormat: 'table',
  logLevel: 'Warn',
}
