import { SERVICES, startServices } from '../../scripts/services/all.mjs';

/**
 * Runs measurements that need services, one after another. A measurement whose service is not available is skipped, which
 * is printed and reported.
 *
 * @param {readonly { what: string, needs: readonly string[], measure: (addresses: object, options: object) => Promise<object[]> }[]} measurements
 */
export async function measureOnServices(measurements, options) {
  const keys = [...new Set(measurements.flatMap(({ needs }) => needs))];
  const { addresses, missing, stop } = await startServices(keys);
  const known = Object.fromEntries(keys.map((key) => [key, addresses[SERVICES[key].variable]]));
  const rows = [];
  try {
    for (const { what, needs, measure } of measurements) {
      const lacking = needs.map((key) => SERVICES[key].name).filter((name) => missing[name] !== undefined);
      if (lacking.length === 0) rows.push(...(await measure(known, options)));
      else
        rows.push(skip(what, lacking.map((name) => `${name} is not available: ${missing[name]}`).join(' ')));
    }
  } finally {
    await stop();
  }
  return rows;
}

function skip(what, reason) {
  console.log(`\nSKIPPED: ${what}. ${reason}\n`);
  return { what, skipped: reason };
}
