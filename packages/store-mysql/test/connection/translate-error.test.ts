import { describe, expect, it } from 'vitest';
import { isContention, isLost, isReadOnly, withoutContent } from '../../src/connection/driver-errors';
import { translateError } from '../../src/connection/translate-error';

const PLACE = 'MySQL at 127.0.0.1:3306';
const ID = 'order-4711';

/** Creates an error as the driver does. It has no names for the numbers of MariaDB and TiDB. */
function serverError(errno: number, code?: string, text = `something about '${ID}'`): Error {
  return withoutContent(
    Object.assign(new Error(text), { errno, code, sqlMessage: text, sql: `INSERT INTO x VALUES ('${ID}')` }),
  ) as Error;
}

describe('translateError', () => {
  it.each([
    [1969, undefined, /cancelled a statement \(error 1969\).* raise statementTimeoutMs/],
    [3024, 'ER_QUERY_TIMEOUT', /cancelled a statement \(ER_QUERY_TIMEOUT, 3024\)/],
    [1927, undefined, /connection to MySQL at 127\.0\.0\.1:3306 failed \(error 1927\)/],
    [8002, undefined, /rolled back a transaction because of another one \(error 8002\)\. Try again/],
    [1205, 'ER_LOCK_WAIT_TIMEOUT', /because of another one \(ER_LOCK_WAIT_TIMEOUT, 1205\)/],
    [1836, 'ER_READ_ONLY_MODE', /is read-only/],
    [1037, 'ER_OUTOFMEMORY', /is out of memory/],
    [8175, undefined, /is out of memory \(error 8175\)/],
    [1197, 'ER_TRANS_CACHE_FULL', /too large .* lower the size of a batch/],
    [1129, 'ER_HOST_IS_BLOCKED', /Run FLUSH HOSTS/],
    [1034, 'ER_NOT_KEYFILE', /storage error .* Check its disk/],
    [9001, undefined, /returned error 9001\. Check its error log/],
    [1064, 'ER_PARSE_ERROR', /returned ER_PARSE_ERROR, 1064/],
  ])('reports error %i as a fault of the store that may pass', (errno, code, message) => {
    expect(translateError(serverError(errno, code), PLACE, true)).toMatchObject({
      code: 'VIGILANT_STORE_UNAVAILABLE',
      retryable: true,
      message: expect.stringMatching(message) as string,
    });
  });

  it.each([
    [1045, 'ER_ACCESS_DENIED_ERROR', /rejects the account/],
    // The driver has the name of an error of MySQL with the same number.
    [4151, 'ER_BULK_PARSER_INCOMPLETE_ESCAPE_SEQUENCE', /rejects the account \(error 4151\)/],
    [3159, 'ER_SECURE_TRANSPORT_REQUIRED', /accepts only encrypted connections .* Set tls/],
  ])('reports error %i as a fault that lasts until the configuration is changed', (errno, code, message) => {
    expect(translateError(serverError(errno, code), PLACE)).toMatchObject({
      code: 'VIGILANT_STORE_UNAVAILABLE',
      retryable: false,
      message: expect.stringMatching(message) as string,
    });
  });

  it.each([
    [1021, 'ER_DISK_FULL', 'Disk full (/tmp/a)'],
    [1114, 'ER_RECORD_FILE_FULL', "The table 'vigilant_event' is full"],
    [1030, 'ER_GET_ERRNO', 'Got error 28 "No space left on device" from storage engine InnoDB'],
    [1026, 'ER_ERROR_ON_WRITE', 'Error writing file \'binlog\' (errno: 28 "No space left on device")'],
    [3, 'EE_WRITE', "Error writing file '/tmp/a' (OS errno 28 - No space left on device)"],
    [3, 'EE_WRITE', 'Error writing file \'/tmp/a\' (Errcode: 28 "No space left on device")'],
  ])('reports error %i as a full disk', (errno, code, text) => {
    const error = translateError(serverError(errno, code, text), PLACE);
    expect(error).toMatchObject({ code: 'VIGILANT_STORE_FULL', retryable: true });
  });

  it.each([
    [1030, 'ER_GET_ERRNO', 'Got error 168 "Unknown (generic) error from engine" from storage engine InnoDB'],
    [3, 'EE_WRITE', 'Error writing file \'/tmp/a\' (Errcode: 5 "Input/output error")'],
  ])(
    'reports error %i that is not caused by a full disk with the text of the server',
    (errno, code, text) => {
      expect(translateError(serverError(errno, code, text), PLACE)).toMatchObject({
        code: 'VIGILANT_STORE_UNAVAILABLE',
        message: expect.stringContaining(text) as string,
      });
    },
  );

  it('rejects an event only because of an append', () => {
    const error = serverError(1406, 'ER_DATA_TOO_LONG');
    expect(translateError(error, PLACE, true).code).toBe('VIGILANT_EVENT_REJECTED');
    expect(translateError(error, PLACE).code).toBe('VIGILANT_STORE_UNAVAILABLE');
  });

  it.each([1062, 1064, 1205, 1366, 1969, 8005, 9999])(
    'shows neither the statement nor the text of error %i, which may quote an event',
    (errno) => {
      const { message, cause } = translateError(serverError(errno), PLACE, true);
      const { stack, ...properties } = cause as Error;
      expect([message, (cause as Error).message, stack, JSON.stringify(properties)].join()).not.toContain(ID);
    },
  );

  it.each([
    ['HANDSHAKE_SSL_ERROR', 'self-signed certificate', /self-signed certificate\. Check the certificates/],
    ['HANDSHAKE_NO_SSL_SUPPORT', 'Server does not support secure connection', /without tls/],
    ['AUTH_SWITCH_PLUGIN_ERROR', 'unknown plugin client_ed25519.', /client_ed25519\. The driver does not/],
    ['ECONNREFUSED', 'connect ECONNREFUSED', /Check that the server is running/],
  ])('describes the failure %s of a connection with its remedy', (code, text, message) => {
    const error = Object.assign(new Error(text), { code, fatal: true });
    expect(translateError(error, PLACE)).toMatchObject({
      code: 'VIGILANT_STORE_UNAVAILABLE',
      message: expect.stringMatching(message) as string,
    });
  });

  it('reports the failure of a connection that has no code as temporary', () => {
    const error = Object.assign(new Error('The connection is in closed state'), { fatal: true });
    expect(translateError(error, PLACE)).toMatchObject({
      code: 'VIGILANT_STORE_UNAVAILABLE',
      retryable: true,
      message: `The connection to ${PLACE} failed: The connection is in closed state. Check that the server is running and that the address is correct.`,
    });
  });

  it('reports an error that is not of the driver as internal', () => {
    expect(translateError(new TypeError('x is not a function'), PLACE).code).toBe('VIGILANT_INTERNAL');
  });
});

describe('isContention', () => {
  it.each([1020, 1205, 1213, 1412, 3101, 8002, 8005, 8022, 8028, 9004, 9007])('accepts %i', (errno) => {
    expect(isContention(serverError(errno))).toBe(true);
  });

  it.each([1969, 8004, 9001, 9002])('does not accept %i', (errno) => {
    expect(isContention(serverError(errno))).toBe(false);
  });
});

describe('isLost', () => {
  it.each([1053, 1927, 3169, 4031])('accepts %i', (errno) => {
    expect(isLost(serverError(errno))).toBe(true);
  });

  it('does not accept a cancelled statement', () => {
    expect(isLost(serverError(1317))).toBe(false);
  });
});

describe('isReadOnly', () => {
  it.each([1036, 1223, 1290, 1792, 1836, 1874, 3100])('accepts %i', (errno) => {
    expect(isReadOnly(serverError(errno))).toBe(true);
  });
});
