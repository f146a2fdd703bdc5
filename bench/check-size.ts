import { bundleSize } from './figures/bundle-size.js'
import { widgetSize } from './figures/widget-size.js'

/** Fails when chat-core or the widget's loader is larger than it may be; part of the packaging check. */
const [loader] = await widgetSize.run()
for (const { name, measured, target, met } of [...(await bundleSize.run()), ...(loader ? [loader] : [])]) {
  process.stdout.write(`${met ? 'ok' : 'TOO LARGE'}: ${name}: ${measured}, target ${target}\n`)
  if (!met) process.exitCode = 1
}
