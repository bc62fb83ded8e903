import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/event/event';
import { publishValid } from '../../src/intake/publish-valid';
import { VigilantError } from '../../src/util/errors';
import { event, events, unavailable } from '../support';

/** A broker that rejects every publish with one of these events, and records those that it accepts. */
function brokerWithout(...invalid: readonly Event[]) {
  const accepted: Event[] = [];
  let publishes = 0;
  const publish = async (batch: readonly Event[]): Promise<void> => {
    publishes += 1;
    const found = batch.find((each) => invalid.includes(each));
    if (found !== undefined) throw invalidEvent(found);
    accepted.push(...batch);
  };
  return { publish, accepted, publishes: () => publishes };
}

function invalidEvent({ id }: Event): VigilantError {
  return new VigilantError('VIGILANT_EVENT_INVALID', `${id} is too large`);
}

describe('publishValid', () => {
  it('publishes once when the broker accepts everything', async () => {
    const batch = events(3);
    const { publish, accepted, publishes } = brokerWithout();
    expect(await publishValid(publish, batch)).toEqual(new Map());
    expect([accepted, publishes()]).toEqual([batch, 1]);
  });

  it.each([0, 1, 2])('publishes the others when the broker rejects event %d of three', async (index) => {
    const batch = events(3);
    const large = batch[index] as Event;
    const { publish, accepted } = brokerWithout(large);
    const rejections = await publishValid(publish, batch);
    expect([...rejections]).toEqual([[large, invalidEvent(large)]]);
    expect(accepted).toEqual(batch.filter((each) => each !== large));
  });

  it('returns every event that the broker rejects, with its own error', async () => {
    const batch = events(5);
    const { publish, accepted } = brokerWithout(...batch);
    const rejections = await publishValid(publish, batch);
    expect([...rejections]).toEqual(batch.map((each) => [each, invalidEvent(each)]));
    expect(accepted).toEqual([]);
  });

  it.each([0, 63])('bisects the events: 13 publishes find event %d of 64', async (index) => {
    const batch = events(64);
    const { publish, publishes } = brokerWithout(batch[index] as Event);
    await publishValid(publish, batch);
    expect(publishes()).toBe(13);
  });

  it.each([unavailable(), new Error('no broker')])('rejects after one publish with %o', async (error) => {
    let publishes = 0;
    const publish = (): Promise<void> => {
      publishes += 1;
      return Promise.reject(error);
    };
    await expect(publishValid(publish, events(2))).rejects.toBe(error);
    expect(publishes).toBe(1);
  });

  it('rejects when a later publish fails for another reason', async () => {
    const error = unavailable();
    const large = event();
    const publish = async (batch: readonly Event[]): Promise<void> => {
      throw batch.includes(large) ? invalidEvent(large) : error;
    };
    await expect(publishValid(publish, [large, event()])).rejects.toBe(error);
  });
});
