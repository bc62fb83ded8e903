import type { I18n } from '../../i18n/i18n.svelte';
import { formatPeriod } from '../../time/event-time';
import { STACK, type Bucket } from './bars';

/** Describes a bucket: its period, the number of events and that of each level. */
export function bucketText(
  bucket: Bucket,
  isExact: boolean,
  zone: string,
  { t, number, date }: Pick<I18n, 't' | 'number' | 'date'>,
): string {
  const levels = STACK.filter((level) => bucket.counts[level] > 0).map(
    (level) => `${number(bucket.counts[level], isExact)} ${level}`,
  );
  const total = `${number(bucket.total, isExact)} ${t('summary.events', { count: bucket.total })}`;
  return `${formatPeriod(bucket, zone, date)}: ${[total, ...levels].join(', ')}`;
}
