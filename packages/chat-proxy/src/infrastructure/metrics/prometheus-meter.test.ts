import { expect, test } from 'vitest'
import { COUNTS, DURATIONS, GAUGES } from './definitions.js'
import { PrometheusMeter } from './prometheus-meter.js'

const build = () => new PrometheusMeter({ providers: ['groq'], models: ['small-1'], tenants: ['shop'] })

test('is read in the text format of Prometheus, with a type and a sentence for every metric', async () => {
  const meter = build()
  const text = await meter.read()
  expect(meter.contentType).toBe('text/plain; version=0.0.4; charset=utf-8')
  for (const { name, help } of [
    ...Object.values(GAUGES),
    ...Object.values(COUNTS),
    ...Object.values(DURATIONS),
  ]) {
    expect(text).toContain(`# HELP colloquy_${name} ${help}`)
    expect(text).toMatch(new RegExp(`# TYPE colloquy_${name} (gauge|counter|histogram)`))
  }
  expect(text).toContain('nodejs_eventloop_lag_seconds')
})

test('gauges keep the last value, counts add up, durations are in seconds', async () => {
  const meter = build()
  meter.set('redis_up', 1)
  meter.set('redis_up', 0)
  meter.set('breaker_open', 1, { provider: 'groq', model: 'small-1' })
  meter.add('limits_hit', { limit: 'money_per_day', scope: 'installation' })
  meter.add('limits_hit', { limit: 'money_per_day', scope: 'installation' }, 2)
  meter.observe('run', { status: 'completed' }, 1_500)
  meter.observe('run', { status: 'completed' }, -5)
  const text = await meter.read()
  expect(text).toContain('colloquy_redis_up 0')
  expect(text).toContain('colloquy_breaker_open{provider="groq",model="small-1"} 1')
  expect(text).toContain('colloquy_limits_hit_total{limit="money_per_day",scope="installation"} 3')
  expect(text).toContain('colloquy_run_duration_seconds_sum{status="completed"} 1.5')
  expect(text).toContain('colloquy_run_duration_seconds_count{status="completed"} 2')
})

test('values that nobody configured share one series, however many there are', async () => {
  const meter = build()
  for (let i = 0; i < 1_000; i += 1) {
    meter.add('runs_ended', { tenant: `t_${i}`, status: 'completed', error: 'none' })
    meter.add('cost_usd', { provider: `p_${i}`, model: `m_${i}` }, 0.5)
    meter.add('http_requests', { method: `M${i}`, route: 'unknown', status: '4xx' })
  }
  meter.add('runs_ended', { tenant: 'shop', status: 'completed', error: 'none' })
  const series = (await meter.read())
    .split('\n')
    .filter((line) => /runs_ended|cost_usd|http_requests/.test(line))
  expect(series.filter((line) => !line.startsWith('#') && !line.endsWith(' 0'))).toEqual([
    'colloquy_http_requests_total{method="other",route="unknown",status="4xx"} 1000',
    'colloquy_runs_ended_total{tenant="other",status="completed",error="none"} 1000',
    'colloquy_runs_ended_total{tenant="shop",status="completed",error="none"} 1',
    'colloquy_cost_usd_total{provider="other",model="other"} 500',
  ])
})
