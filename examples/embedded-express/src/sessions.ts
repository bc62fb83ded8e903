import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Name of the cookie of a session. */
const COOKIE = 'shop_session';

/** Sessions of the operators of the shop. */
export interface Sessions {
  /** Returns the value of a `Set-Cookie` header, or `undefined` if the password is wrong. */
  logIn(password: string): string | undefined;
  /** Returns whether a `Cookie` header contains a valid session. */
  isOperator(cookies: string | null | undefined): boolean;
}

/** Creates sessions that are kept in memory. */
export function createSessions(password: string): Sessions {
  const tokens = new Set<string>();
  return {
    logIn(candidate) {
      if (!timingSafeEqual(digest(candidate), digest(password))) return undefined;
      const token = randomBytes(32).toString('base64url');
      tokens.add(token);
      return `${COOKIE}=${token}; Path=/; HttpOnly; SameSite=Strict`;
    },
    isOperator(cookies) {
      const [, token] = new RegExp(`(?:^|; )${COOKIE}=([\\w-]+)`).exec(cookies ?? '') ?? [];
      return token !== undefined && tokens.has(token);
    },
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
