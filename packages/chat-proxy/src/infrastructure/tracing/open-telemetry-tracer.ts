import {
  ProxyTracerProvider,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Span as OtelSpan,
} from '@opentelemetry/api'
import { DomainError } from '../../domain/errors.js'
import { ModelError } from '../../domain/model-error.js'
import type { Span, SpanFields, SpanName, Tracer } from '../../domain/ports/tracer.js'

/** The name of each field in traces: OpenTelemetry's own where it has one. Typed by `SpanFields`, so that a new one is judged here. */
const ATTRIBUTES: Readonly<Record<keyof SpanFields, string>> = {
  requestId: 'colloquy.request.id',
  tenantId: 'colloquy.tenant.id',
  runId: 'colloquy.run.id',
  conversationId: 'gen_ai.conversation.id',
  method: 'http.request.method',
  route: 'http.route',
  status: 'http.response.status_code',
  provider: 'gen_ai.provider.name',
  model: 'gen_ai.request.model',
  outcome: 'colloquy.attempt.outcome',
  promptTokens: 'gen_ai.usage.input_tokens',
  completionTokens: 'gen_ai.usage.output_tokens',
}

const KINDS: Readonly<Record<SpanName, SpanKind>> = {
  request: SpanKind.SERVER,
  run: SpanKind.INTERNAL,
  completion: SpanKind.INTERNAL,
  'upstream attempt': SpanKind.CLIENT,
}

const TRACER = '@colloquy/chat-proxy'
const LONGEST_TEXT = 200

/**
 * Spans by the API of OpenTelemetry alone. They go to the SDK that the operator starts before the proxy; without one nothing is
 * made of them.
 */
export class OpenTelemetryTracer implements Tracer {
  span<T>(name: SpanName, fields: SpanFields, work: (span: Span) => Promise<T>): Promise<T> {
    // Asked for every time: an SDK may be started after us.
    const provider = trace.getTracerProvider()
    const tracer =
      provider instanceof ProxyTracerProvider
        ? provider.getDelegateTracer(TRACER)
        : provider.getTracer(TRACER)
    if (!tracer) return work(UNHEARD)
    const options = { kind: KINDS[name], attributes: attributesOf(fields) }
    return tracer.startActiveSpan(titleOf(name, fields), options, (span) => {
      // Nobody listens: most of the time a stream is open, and nothing need be kept for its end.
      return span.isRecording() ? inSpan(span, work) : work(UNHEARD)
    })
  }
}

const UNHEARD: Span = { set() {}, fail() {} }

async function inSpan<T>(span: OtelSpan, work: (span: Span) => Promise<T>): Promise<T> {
  const fail = (code: string): void => {
    span.setStatus({ code: SpanStatusCode.ERROR, message: code }).setAttribute('error.type', code)
  }
  try {
    return await work({ set: (more) => void span.setAttributes(attributesOf(more)), fail })
  } catch (error) {
    // Only our own codes: messages of libraries quote what they choke on.
    if (!isOurWish(error)) fail(codeOf(error))
    throw error
  } finally {
    span.end()
  }
}

const codeOf = (error: unknown): string =>
  error instanceof DomainError || error instanceof ModelError ? error.code : 'internal'

const isOurWish = (error: unknown): boolean => error instanceof ModelError && error.code === 'aborted'

const titleOf = (name: SpanName, { method, route }: SpanFields): string =>
  name === 'request' ? `${method} ${route}` : name

function attributesOf(fields: SpanFields): Attributes {
  const attributes: Attributes = {}
  for (const [field, name] of Object.entries(ATTRIBUTES)) {
    // The keys of ATTRIBUTES are those of SpanFields; the value is taken as unknown and judged here.
    const value: unknown = fields[field as keyof SpanFields]
    if (typeof value === 'string') attributes[name] = value.slice(0, LONGEST_TEXT)
    if (typeof value === 'number') attributes[name] = value
  }
  return attributes
}
