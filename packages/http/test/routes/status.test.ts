import { createManualClock, createMemoryBroker } from '@vigilant/core';
import { describe, expect, it } from 'vitest';
import { handle } from '../support/serve';

/** An engine whose broker is degraded. */
const degraded = () => {
  const broker = createMemoryBroker();
  const status = () => ({ ...createMemoryBroker().status(), state: 'degraded', reason: 'it burns' }) as const;
  return { broker: Object.assign(broker, { status }) };
};

describe('GET /v1/status', () => {
  it('returns the status of the engine, the version and the time', async () => {
    const { vigilant, get } = handle();
    await vigilant.log({ message: 'm' });
    expect(await get('/v1/status')).toMatchObject({
      state: 'ready',
      intake: { accepted: 1 },
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      now: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
  });
});

describe('GET /v1/status and GET /metrics', () => {
  it('return the time of the oldest stored event and the lag', async () => {
    const { vigilant, send, get } = handle();
    expect(await get('/v1/status')).not.toHaveProperty('oldestEventAt');
    expect(await (await send('/metrics')).text()).not.toContain('oldest_event');
    await vigilant.log({ message: 'm', timestamp: '2026-01-02T03:04:05.000006Z' });
    await vigilant.flush();
    expect(await get('/v1/status')).toMatchObject({
      oldestEventAt: '2026-01-02T03:04:05.000006Z',
      scheduler: { lagMs: 0, storedLagMs: expect.any(Number) },
    });
    const text = await (await send('/metrics')).text();
    expect(text).toMatch(/^vigilant_store_oldest_event_timestamp_seconds 1767323045\.000006$/m);
    expect(text).toMatch(/^vigilant_scheduler_lag_seconds 0$/m);
    expect(text).toMatch(/^vigilant_scheduler_stored_lag_seconds \d+(\.\d+)?$/m);
  });
});

describe('GET /v1/status and GET /metrics of an engine with rules of retention', () => {
  it('return the rules, the number of deleted events and the times of the runs', async () => {
    const clock = createManualClock(Date.UTC(2026, 0, 1));
    const retention = { maxAge: '1h', byLevel: { DEBUG: '1m' } };
    const { vigilant, send, get } = handle({}, { clock, retention, batch: { intervalMs: 1 } });
    await vigilant.log({ message: 'm', level: 'DEBUG' });
    await vigilant.flush();
    expect(await get('/v1/status')).toMatchObject({
      retention: { ...retention, state: 'waiting', deleted: 0, nextRunAt: '2026-01-01T00:00:10.000000Z' },
    });
    await clock.advance(70_000);
    expect(await get('/v1/status')).toMatchObject({
      retention: { deleted: 1, lastRunAt: '2026-01-01T00:01:10.000000Z' },
    });
    const text = await (await send('/metrics')).text();
    expect(text).toMatch(/^vigilant_retention_deleted_total 1$/m);
    expect(text).toMatch(/^vigilant_retention_running 0$/m);
    expect(text).toMatch(/^vigilant_retention_failed 0$/m);
    expect(text).toMatch(/^vigilant_retention_last_run_timestamp_seconds 1767225670$/m);
  });

  it('leave retention out if there are no rules', async () => {
    const { send, get } = handle();
    expect(await get('/v1/status')).not.toHaveProperty('retention');
    expect(await (await send('/metrics')).text()).not.toContain('retention');
  });
});

describe('GET /readyz', () => {
  it('is ready before the engine is used, and while it makes progress', async () => {
    const { vigilant, get } = handle();
    expect(await get('/readyz')).toEqual({ status: 'ok', reasons: [] });
    await vigilant.log({ message: 'm' });
    expect(await get('/readyz')).toEqual({ status: 'ok', reasons: [] });
  });

  it('answers 503 with the reasons while the engine is degraded, and stays alive', async () => {
    const { vigilant, send, get } = handle({}, degraded());
    await vigilant.log({ message: 'm' });
    const response = await send('/readyz');
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ status: 'unavailable', reasons: ['broker: it burns'] });
    expect(await get('/livez')).toEqual({ status: 'ok', reasons: [] });
  });

  it('hides the reasons from callers that may not read', async () => {
    const { vigilant, send } = handle({ authorize: () => false }, degraded());
    await vigilant.log({ message: 'm' });
    expect(await (await send('/readyz')).json()).toEqual({ status: 'unavailable', reasons: [] });
  });

  it('answers 503 once the handler is closing', async () => {
    const { handler, send } = handle();
    await handler.close();
    expect((await send('/readyz')).status).toBe(503);
    expect((await send('/livez')).status).toBe(200);
  });
});

describe('GET /livez', () => {
  it('answers 503 once the engine is closed', async () => {
    const { vigilant, send } = handle();
    await vigilant.close();
    expect((await send('/livez')).status).toBe(503);
  });
});

describe('GET /metrics', () => {
  it('returns counters and gauges in the text format of Prometheus', async () => {
    const { vigilant, send } = handle();
    await vigilant.logBatch([{ message: 'm' }, {} as never]);
    await vigilant.flush();
    const response = await send('/metrics');
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const text = await response.text();
    expect(text).toContain('# HELP vigilant_events_accepted_total Accepted events.\n');
    expect(text).toContain(
      '# TYPE vigilant_events_accepted_total counter\nvigilant_events_accepted_total 1\n',
    );
    expect(text).toContain('\nvigilant_events_invalid_total 1\n');
    expect(text).toContain('\nvigilant_store_events 1\n');
    expect(text).toContain('\nvigilant_state{state="ready"} 1\nvigilant_state{state="degraded"} 0\n');
    for (const line of text.trimEnd().split('\n'))
      expect(line).toMatch(/^(# (HELP|TYPE) vigilant_\w+ .+|vigilant_\w+(\{\w+="[^"]*"\})? -?\d+(\.\d+)?)$/);
  });

  it('describes each metric once', async () => {
    const text = await (await handle().send('/metrics')).text();
    const names = [...text.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});
