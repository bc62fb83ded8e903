import { expect, it } from 'vitest';
import { createConnection } from 'mysql2/promise';
import { describeWithService } from '../../../../scripts/services/in-tests.mjs';
import { bind, toSql } from '../../src/sql/sql-text';
import { SERVICES } from '../support/databases';

const TEXTS = [
  '',
  "it's '' \\' \\\\' \"quoted\" `x`",
  '\0\b\t\n\r\x1a%_',
  "'; DROP TABLE a; -- \\'; DROP TABLE a; -- ",
  '😀 Ā ? \\ ?',
];

for (const service of SERVICES)
  describeWithService(service, `toSql on ${service}`, (address) => {
    for (const mode of ['', 'NO_BACKSLASH_ESCAPES', 'ANSI_QUOTES'])
      it(`converts text so that the server reads it unchanged under sql_mode '${mode}'`, async () => {
        const connection = await createConnection({
          uri: address,
          charset: 'UTF8MB4_BIN',
          multipleStatements: true,
          rowsAsArray: true,
        });
        try {
          await connection.query(`SET SESSION sql_mode = '${mode}'`);
          const [rows] = await connection.query(
            `SELECT ${TEXTS.map((text) => `HEX(${toSql(text)})`).join(', ')}`,
          );
          const hex = TEXTS.map((text) => Buffer.from(text).toString('hex').toUpperCase());
          expect(rows).toEqual([hex]);
        } finally {
          await connection.end();
        }
      });

    it('converts numbers, bytes, null and lists', () => {
      const sql = bind('?, ?, ?, (?)', [-5, Buffer.from([0, 255]), null, ['a', "b'"]]);
      expect(sql).toBe("-5, X'00ff', NULL, ('a','b''')");
    });
  });
