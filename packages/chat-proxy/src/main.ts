#!/usr/bin/env node
import { keepCompiledCode } from './config/compile-cache.js'

keepCompiledCode()
// Not before: this is what is compiled.
const { serve } = await import('./serve.js')
await serve()
