// The two storefront endpoints as a good engineer writes them with Hono and jose.

import { type Context, Hono } from 'hono';
import { cors } from 'hono/cors';
import { createMiddleware } from 'hono/factory';
import { errors, type JWTPayload, jwtVerify } from 'jose';

interface Bindings {
  CLIENT_ID: string;
  CLIENT_SECRET: string;
  STORE_HASH: string;
  SECRET_KEY: string;
  API_KEY: string;
  REST_URL: string;
  ALLOWED_ORIGIN: string;
}

type Env = { Bindings: Bindings; Variables: { customerId: number } };
type Status = 400 | 401 | 403 | 404 | 405 | 431 | 500 | 503;

interface ShopperClaims extends JWTPayload {
  customer?: { id?: unknown };
  operation?: unknown;
  store_hash?: unknown;
}

interface SubscriptionsPage {
  results: { live: boolean; cancelled: string | null }[];
  next: string | null;
}

class ApiError extends Error {
  constructor(
    readonly status: Status,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

const SIGNATURE = '/api/v1/merchant/ordergroove/signature';
const SUBSCRIPTIONS = '/api/v1/ordergroove/customer/has_subscriptions';
const encoder = new TextEncoder();

interface Keys {
  HS256: CryptoKey;
  HS512: CryptoKey;
  sign: CryptoKey;
}

let keys: Promise<Keys> | undefined;

function importKeys(env: Bindings): Promise<Keys> {
  const hmac = (secret: string, hash: string, usage: 'sign' | 'verify') =>
    crypto.subtle.importKey('raw', encoder.encode(secret), { name: 'HMAC', hash }, false, [usage]);
  keys ??= Promise.all([
    hmac(env.CLIENT_SECRET, 'SHA-256', 'verify'),
    hmac(env.CLIENT_SECRET, 'SHA-512', 'verify'),
    hmac(env.SECRET_KEY, 'SHA-256', 'sign'),
  ]).then(([HS256, HS512, sign]) => ({ HS256, HS512, sign }));
  return keys;
}

const invalidToken = () => new ApiError(401, 'invalid_token', 'The shopper could not be recognised.');

/** Leaves the customer's id in the context, or refuses. */
const shopper = createMiddleware<Env>(async (c, next) => {
  const env = c.env;
  if (c.req.header('authorization-client') !== env.CLIENT_ID) {
    throw new ApiError(404, 'unknown_app', 'No app of this id is registered.');
  }
  const origin = c.req.header('origin');
  if (origin !== undefined && origin !== env.ALLOWED_ORIGIN) {
    throw new ApiError(403, 'origin_not_allowed', 'This site is not one of the store.');
  }
  const token = c.req.header('signed-payload');
  if (token === undefined || c.req.header('authorization') !== 'BigCommerce') throw invalidToken();
  if (token.length > 8192) throw new ApiError(431, 'header_too_large', 'A header is over 8 KB.');

  const { HS256, HS512 } = await importKeys(env);
  let claims: ShopperClaims;
  try {
    const verified = await jwtVerify<ShopperClaims>(
      token,
      ({ alg }) => (alg === 'HS512' ? HS512 : HS256),
      {
        algorithms: ['HS256', 'HS512'],
        audience: env.CLIENT_ID,
        issuer: 'bc/apps',
        subject: env.STORE_HASH,
        requiredClaims: ['exp'],
        clockTolerance: 60,
      },
    );
    claims = verified.payload;
  } catch (error) {
    if (error instanceof errors.JOSEError) throw invalidToken();
    throw error;
  }
  const id = claims.customer?.id;
  if (
    claims.operation !== 'current_customer' ||
    claims.store_hash !== env.STORE_HASH ||
    (claims.iat ?? 0) > Date.now() / 1000 + 60 || // jose looks at iat only to limit a token's age
    typeof id !== 'number' ||
    !Number.isSafeInteger(id) ||
    id <= 0
  ) {
    throw invalidToken();
  }
  c.set('customerId', id);
  await next();
});

function signedTime(c: Context<Env>): number {
  const now = Math.floor(Date.now() / 1000);
  const asked = c.req.query('ts');
  if (asked === undefined) return now;
  const ts = /^\d{10}$/.test(asked) ? Number(asked) : 0;
  if (ts < now - 7200 || ts > now + 300) {
    throw new ApiError(400, 'invalid_timestamp', 'ts must be Unix seconds of the last two hours.');
  }
  return ts;
}

async function subscriberStatus(env: Bindings, customerId: number): Promise<1 | 0 | -1> {
  let status: 0 | -1 = -1;
  let next: string | null = `${env.REST_URL}/subscriptions/?customer=${customerId}`;
  const signal = AbortSignal.timeout(3000);
  while (next !== null) {
    const answer: Response = await fetch(next, {
      headers: { accept: 'application/json', 'x-api-key': env.API_KEY },
      redirect: 'manual',
      signal,
    });
    if (answer.status === 404) return -1;
    if (!answer.ok) throw new Error(`answered ${answer.status}`);
    const page: SubscriptionsPage = await answer.json();
    if (page.results.some(({ live, cancelled }) => live && cancelled === null)) return 1;
    if (page.results.length > 0) status = 0;
    next = page.next;
    if (next !== null && !next.startsWith(`${env.REST_URL}/`)) throw new Error('pages lead elsewhere');
  }
  return status;
}

const app = new Hono<Env>();

app.use('/api/v1/*', async (c, next) => {
  await next();
  c.header('cache-control', 'no-store');
  c.header('x-content-type-options', 'nosniff');
});
app.use(
  '/api/v1/*',
  cors({
    origin: (origin, c: Context<Env>) => {
      if (c.req.method === 'OPTIONS') return origin.startsWith('https://') ? origin : null;
      return origin === c.env.ALLOWED_ORIGIN ? origin : null;
    },
    allowMethods: ['GET'],
    allowHeaders: ['authorization-client', 'authorization', 'signed-payload', 'accept', 'content-type'],
    maxAge: 86400,
  }),
);

app.get(SIGNATURE, shopper, async (c) => {
  const ts = signedTime(c);
  const customerId = c.get('customerId');
  const { sign } = await importKeys(c.env);
  const digest = await crypto.subtle.sign('HMAC', sign, encoder.encode(`${customerId}|${ts}`));
  const data = encodeURIComponent(btoa(String.fromCharCode(...new Uint8Array(digest))));
  return c.json({ data, ts, customer_id: customerId });
});

app.get(SUBSCRIPTIONS, shopper, async (c) => {
  try {
    return c.json({ status: await subscriberStatus(c.env, c.get('customerId')) });
  } catch {
    throw new ApiError(503, 'upstream_unavailable', 'Ordergroove did not answer.');
  }
});

for (const path of [SIGNATURE, SUBSCRIPTIONS]) {
  app.all(path, () => {
    throw new ApiError(405, 'method_not_allowed', 'Only GET is answered here.');
  });
}

app.notFound((c) => refuse(c, new ApiError(404, 'not_found', 'There is nothing here.')));
app.onError((error, c) => {
  if (error instanceof ApiError) return refuse(c, error);
  console.error(error);
  return refuse(c, new ApiError(500, 'internal', 'Something went wrong here.'));
});

function refuse(c: Context<Env>, { status, code, message }: ApiError) {
  const body = { code, message, request_id: crypto.randomUUID() };
  return c.json(c.req.path === SUBSCRIPTIONS ? { ...body, status: 1 } : body, status);
}

export default app;
