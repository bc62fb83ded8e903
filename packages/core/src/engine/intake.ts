import type { Broker } from '../contracts/broker';
import type { Logger } from '../contracts/logger';
import type { VigilantStatus } from '../contracts/status';
import type { EncodedEvents } from '../event/encoded-events';
import type { Event } from '../event/event';
import { createIdGenerator } from '../event/id';
import type { GroupPublisher, Prepare } from '../intake/group-publisher';
import { createGroupPublisher } from '../intake/group-publisher';
import type { LoggerParts } from '../intake/logger';
import { createLogger } from '../intake/logger';
import type { Rejections } from '../intake/publish-valid';
import { createReadOnlyLogger } from '../intake/read-only-logger';
import type { DiagnosticSink } from '../util/diagnostics';
import type { VigilantError } from '../util/errors';
import { reasonOf } from '../util/errors';
import type { Adapters } from './adapters';
import type { Lifecycle } from './lifecycle';
import type { ResolvedVigilantOptions } from './options';

/** Accepts events, publishes them to the broker, and reports those that are not accepted. */
export interface Intake {
  readonly logger: Logger;
  /** Publishes one normalised event. @throws {VigilantError} if it is not accepted. */
  submit(event: Event): Promise<void>;
  /** Resolves when all events submitted before the call are settled. Never rejects. */
  drained(): Promise<void>;
  status(): VigilantStatus['intake'];
}

/** Dependencies of `Intake`. */
export interface IntakeParts {
  readonly options: ResolvedVigilantOptions;
  readonly lifecycle: Lifecycle;
  readonly adapters: Adapters;
  readonly diagnostics: DiagnosticSink;
  /** Called for each successful publish. @param events - Returns its events, and decodes them if necessary. */
  readonly onPublished: (events: () => readonly Event[]) => void;
}

/** Creates the intake of an engine. */
export function createIntake(parts: IntakeParts): Intake {
  return new EngineIntake(parts);
}

class EngineIntake implements Intake {
  readonly logger: Logger;
  readonly #parts: IntakeParts;
  readonly #publisher: GroupPublisher;
  #invalid = 0;

  constructor(parts: IntakeParts) {
    const { clock, redact, defaults, level, maxPendingBytes, isReadOnly } = parts.options;
    const now = (): number => clock.now();
    const onRejected = (error: VigilantError): void => this.#reportRejected(error);
    this.#parts = parts;
    const keepsEncoded = parts.options.broker.publishEncoded !== undefined;
    this.#publisher = createGroupPublisher({
      publish: (events) => this.#publish(events),
      ...(keepsEncoded && { publishEncoded: (events) => this.#publishEncoded(events) }),
      maxPendingBytes,
      onRejected,
      onFailure: (error, events) => this.#reportFailed(error, events),
    });
    const logger: LoggerParts = {
      now,
      newId: createIdGenerator(now),
      redact,
      level,
      submit: (events, bytes) => this.#submit(events, bytes),
      ...(keepsEncoded && { submitEncoded: (events) => this.#submitEncoded(events) }),
      submitPrepared: (prepare) => this.#submitPrepared(prepare),
      onRejected,
    };
    this.logger = isReadOnly ? createReadOnlyLogger(onRejected) : createLogger(logger, defaults);
  }

  async submit(event: Event): Promise<void> {
    const rejection = (await this.#submit([event])).get(event);
    if (rejection !== undefined) throw rejection;
  }

  drained(): Promise<void> {
    return this.#publisher.drained();
  }

  status(): VigilantStatus['intake'] {
    const { accepted, failed, pendingBytes } = this.#publisher;
    return { accepted, invalid: this.#invalid, failed, pendingBytes };
  }

  #submit(events: readonly Event[], bytes?: number): Promise<Rejections> {
    this.#parts.lifecycle.checkRunning();
    return this.#publisher.submit(events, bytes);
  }

  #submitEncoded(events: EncodedEvents): Promise<Rejections> {
    this.#parts.lifecycle.checkRunning();
    return this.#publisher.submitEncoded(events);
  }

  async #submitPrepared(prepare: Prepare): Promise<Rejections> {
    try {
      this.#parts.lifecycle.checkRunning();
    } catch (error) {
      this.#reportRejected(error as VigilantError);
      throw error;
    }
    return this.#publisher.submitPrepared(prepare);
  }

  async #publish(events: readonly Event[]): Promise<void> {
    const broker = await this.#openBroker();
    await broker.publish(events);
    this.#parts.onPublished(() => events);
  }

  async #publishEncoded(events: EncodedEvents): Promise<void> {
    const broker = await this.#openBroker();
    await broker.publishEncoded?.(events);
    this.#parts.onPublished(() => events.decode());
  }

  async #openBroker(): Promise<Broker> {
    const { lifecycle, adapters } = this.#parts;
    lifecycle.checkNotClosed();
    // Events in the broker are stored once the store is open.
    adapters.storeOpener.start();
    await adapters.brokerOpener.open();
    return adapters.broker;
  }

  #reportRejected(error: VigilantError): void {
    const { code, message } = error;
    if (code === 'VIGILANT_EVENT_INVALID') this.#invalid += 1;
    this.#parts.diagnostics({ level: 'warn', component: 'intake', code: 'event-refused', message, error });
  }

  #reportFailed(error: unknown, events: number): void {
    const message = `${events} event(s) were not confirmed: ${reasonOf(error)}`;
    this.#parts.diagnostics({ level: 'error', component: 'intake', code: 'publish-failed', message, error });
  }
}
