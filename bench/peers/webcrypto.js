// The two storefront endpoints by hand: no framework, nothing done twice, WebCrypto with keys that are imported once.

const SIGNATURE = '/api/v1/merchant/ordergroove/signature';
const SUBSCRIPTIONS = '/api/v1/ordergroove/customer/has_subscriptions';
const LEEWAY = 60;

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const BASE64URL = { alphabet: 'base64url' };

// A whole token's header decides nothing but the algorithm, and there are few of them.
const algorithms = new Map();
let keys;

async function importKeys(env) {
  const hmac = (secret, hash, usage) =>
    crypto.subtle.importKey('raw', encoder.encode(secret), { name: 'HMAC', hash }, false, [usage]);
  const [HS256, HS512, sign] = await Promise.all([
    hmac(env.CLIENT_SECRET, 'SHA-256', 'verify'),
    hmac(env.CLIENT_SECRET, 'SHA-512', 'verify'),
    hmac(env.SECRET_KEY, 'SHA-256', 'sign'),
  ]);
  keys = { HS256, HS512, sign };
}

class Refusal {
  constructor(status, code, message) {
    this.status = status;
    this.code = code;
    this.message = message;
  }
}

const INVALID_TOKEN = new Refusal(401, 'invalid_token', 'The shopper could not be recognised.');
const UNKNOWN_APP = new Refusal(404, 'unknown_app', 'No app of this id is registered.');
const NOT_FOUND = new Refusal(404, 'not_found', 'There is nothing here.');
const WRONG_METHOD = new Refusal(405, 'method_not_allowed', 'Only GET is answered here.');
const WRONG_ORIGIN = new Refusal(403, 'origin_not_allowed', 'This site is not one of the store.');
const WRONG_TIME = new Refusal(400, 'invalid_timestamp', 'ts must be Unix seconds of the last two hours.');
const TOO_LARGE = new Refusal(431, 'header_too_large', 'A header is over 8 KB.');
const UPSTREAM = new Refusal(503, 'upstream_unavailable', 'Ordergroove did not answer.');
const INTERNAL = new Refusal(500, 'internal', 'Something went wrong here.');

/** The key that a token's header asks for. */
function keyFor(header) {
  let algorithm = algorithms.get(header);
  if (algorithm === undefined) {
    algorithm = JSON.parse(decoder.decode(Uint8Array.fromBase64(header, BASE64URL))).alg;
    if (algorithm !== 'HS256' && algorithm !== 'HS512') throw INVALID_TOKEN;
    if (algorithms.size < 16) algorithms.set(header, algorithm);
  }
  return keys[algorithm];
}

/** The id of the customer whom `token` names. */
async function verify(token, env, now) {
  const first = token.indexOf('.');
  const last = token.lastIndexOf('.');
  if (first < 1 || last === first) throw INVALID_TOKEN;
  let claims;
  try {
    const key = keyFor(token.slice(0, first));
    const signature = Uint8Array.fromBase64(token.slice(last + 1), BASE64URL);
    const signed = encoder.encode(token.slice(0, last));
    if (!(await crypto.subtle.verify('HMAC', key, signature, signed))) throw INVALID_TOKEN;
    claims = JSON.parse(decoder.decode(Uint8Array.fromBase64(token.slice(first + 1, last), BASE64URL)));
  } catch {
    throw INVALID_TOKEN;
  }
  const { aud, iss, sub, exp, iat, nbf, operation, store_hash: store, customer } = claims;
  const id = customer?.id;
  if (
    (aud !== env.CLIENT_ID && !(Array.isArray(aud) && aud.includes(env.CLIENT_ID))) ||
    iss !== 'bc/apps' ||
    sub !== env.STORE_HASH ||
    store !== env.STORE_HASH ||
    operation !== 'current_customer' ||
    !(exp + LEEWAY >= now) ||
    iat > now + LEEWAY ||
    nbf > now + LEEWAY ||
    !Number.isSafeInteger(id) ||
    id <= 0
  ) {
    throw INVALID_TOKEN;
  }
  return id;
}

async function signature(url, env, id, now) {
  let ts = now;
  const at = url.indexOf('?');
  if (at > 0) {
    const asked = new URLSearchParams(url.slice(at + 1)).get('ts');
    if (asked !== null) {
      ts = /^\d{10}$/.test(asked) ? +asked : 0;
      if (ts < now - 7200 || ts > now + 300) throw WRONG_TIME;
    }
  }
  const digest = await crypto.subtle.sign('HMAC', keys.sign, encoder.encode(`${id}|${ts}`));
  const data = encodeURIComponent(new Uint8Array(digest).toBase64());
  return `{"data":"${data}","ts":${ts},"customer_id":${id}}`;
}

async function subscriberStatus(env, id) {
  let status = -1;
  let next = `${env.REST_URL}/subscriptions/?customer=${id}`;
  const signal = AbortSignal.timeout(3000);
  const headers = { accept: 'application/json', 'x-api-key': env.API_KEY };
  try {
    while (next) {
      const answer = await fetch(next, { headers, redirect: 'manual', signal });
      if (answer.status === 404) return -1;
      if (!answer.ok) throw UPSTREAM;
      const page = await answer.json();
      for (const { live, cancelled } of page.results) {
        if (live && cancelled === null) return 1;
        status = 0;
      }
      next = page.next;
      if (next && !next.startsWith(`${env.REST_URL}/`)) throw UPSTREAM;
    }
  } catch {
    throw UPSTREAM;
  }
  return status;
}

const pathOf = (url) => {
  const start = url.indexOf('/', 8);
  const end = url.indexOf('?', start);
  return end < 0 ? url.slice(start) : url.slice(start, end);
};

async function answer(request, env, path, headers) {
  if (path !== SIGNATURE && path !== SUBSCRIPTIONS) throw NOT_FOUND;
  if (request.method !== 'GET') throw WRONG_METHOD;
  if (headers.get('authorization-client') !== env.CLIENT_ID) throw UNKNOWN_APP;
  const origin = headers.get('origin');
  if (origin !== null && origin !== env.ALLOWED_ORIGIN) throw WRONG_ORIGIN;
  const token = headers.get('signed-payload');
  if (token === null || headers.get('authorization') !== 'BigCommerce') throw INVALID_TOKEN;
  if (token.length > 8192) throw TOO_LARGE;
  if (keys === undefined) await importKeys(env);
  const now = Math.floor(Date.now() / 1000);
  const id = await verify(token, env, now);
  if (path === SIGNATURE) return signature(request.url, env, id, now);
  return `{"status":${await subscriberStatus(env, id)}}`;
}

function preflight(origin) {
  const headers = {
    'access-control-allow-methods': 'GET',
    'access-control-allow-headers': 'authorization-client, authorization, signed-payload, accept, content-type',
    'access-control-max-age': '86400',
    'cache-control': 'no-store',
    vary: 'origin',
  };
  if (origin?.startsWith('https://')) headers['access-control-allow-origin'] = origin;
  return new Response(null, { status: 204, headers });
}

export default {
  async fetch(request, env) {
    const { headers } = request;
    if (request.method === 'OPTIONS') return preflight(headers.get('origin'));
    const path = pathOf(request.url);
    let status = 200;
    let body;
    try {
      body = await answer(request, env, path, headers);
    } catch (thrown) {
      const refusal = thrown instanceof Refusal ? thrown : INTERNAL;
      if (refusal === INTERNAL) console.error(thrown);
      status = refusal.status;
      const { code, message } = refusal;
      const told = { code, message, request_id: crypto.randomUUID() };
      body = JSON.stringify(path === SUBSCRIPTIONS ? { ...told, status: 1 } : told);
    }
    const answered = {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      vary: 'origin',
    };
    if (headers.get('origin') === env.ALLOWED_ORIGIN) {
      answered['access-control-allow-origin'] = env.ALLOWED_ORIGIN;
    }
    return new Response(body, { status, headers: answered });
  },
};
