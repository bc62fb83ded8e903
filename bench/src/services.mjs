import { SERVICES, startServices } from '../../scripts/services/all.mjs';

/**
 * Takes measurements that need running services, one after another. One whose service cannot be had is left out: loudly, and
 * the report says it too.
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
        rows.push(leftOut(what, lacking.map((name) => `${name} cannot be had: ${missing[name]}`).join('; ')));
    }
  } finally {
    await stop();
  }
  return rows;
}

function leftOut(what, reason) {
  console.log(`\nLEFT OUT, NOT MEASURED: ${what}. ${reason}\n`);
  return { what, leftOut: reason };
}
