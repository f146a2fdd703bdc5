/**
 * What tests of apps and adapters need: a platform with movable time, a proxy in memory that breaks on demand, and the suite of the storage port.
 * @module
 */
export { createFakePlatform, type FakePlatform } from './fake-platform.js'
export type { BodyFault, LineBreak } from './faulty-body.js'
export { ScriptedProxy, type RequestFault, type ScriptedProxyOptions } from './scripted-proxy.js'
export { ScriptedRun } from './scripted-run.js'
export { seededRandom } from './seeded-random.js'
export { storageSuite, type StorageCase } from './storage-suite.js'
export { TabHub } from './tab-hub.js'
