import { bundleSize } from './figures/bundle-size.js'

/** Fails when a download of chat-core is larger than it may be; part of the packaging check. */
for (const { name, measured, target, met } of await bundleSize.run()) {
  process.stdout.write(`${met ? 'ok' : 'TOO LARGE'}: ${name}: ${measured}, target ${target}\n`)
  if (!met) process.exitCode = 1
}
