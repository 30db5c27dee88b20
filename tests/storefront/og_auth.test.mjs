// The storefront script, as served, in a page made of fakes: a cookie jar, a clock that is moved by hand, and a network
// that answers what the test says.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import vm from 'node:vm';
import { gzipSync } from 'node:zlib';

import { parseAuth, readAuthCookie } from '@ordergroove/auth';

const FILE = new URL('../../static/storefront/v1/og-auth.js', import.meta.url);
const SOURCE = readFileSync(FILE, 'utf8');
const NOW = 1_700_000_000; // seconds
const WORKER = 'https://og.example';
const CLIENT = 'abc123client';
const SIGNATURE = 'ouZ5fyx79PxcyesBuHqlZ8PfceyrZ7RmZJnnVTf8/+Q=';
const HOUR = 3600;

const base64url = (text) => Buffer.from(text, 'utf8').toString('base64url');

/** A token as BigCommerce's `current.jwt` answers it. */
function token(id, iat = NOW, more = {}) {
  const claims = { customer: { id, email: 'ada@example.com', group_id: '1' }, iss: 'bc/apps', iat, exp: iat + 900, ...more };
  return `${base64url('{"alg":"HS512","typ":"JWT"}')}.${base64url(JSON.stringify(claims))}.c2lnbmF0dXJl-_`;
}

const cookieOf = (id, ts, signature = SIGNATURE) => `${id}|${ts}|${signature}`;

/** What `fetch` answers. */
function answer(status, body = '') {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return {
    status,
    ok: status >= 200 && status < 300,
    text: async () => text,
    json: async () => JSON.parse(text),
  };
}

/** Name, value, attributes of one `document.cookie = ...`. */
function parseCookie(line) {
  const [pair, ...rest] = line.split(';').map((part) => part.trim());
  const at = pair.indexOf('=');
  const attributes = new Map(rest.map((part) => part.toLowerCase().split('=')).map(([k, v]) => [k, v ?? true]));
  return { name: pair.slice(0, at), value: pair.slice(at + 1), attributes };
}

/** A storefront page. `shopper` is the id that is signed in, or null. */
class Page {
  constructor({ shopper = null, cookies = {}, idle = true, storeClock = 0 } = {}) {
    this.shopper = shopper;
    this.ms = NOW * 1000;
    this.storeClock = storeClock; // seconds that the servers are ahead of this browser
    this.jar = new Map(Object.entries(cookies).map(([name, value]) => [name, { value, ends: Infinity }]));
    this.writes = [];
    this.calls = [];
    this.events = [];
    this.logged = [];
    this.timers = new Map();
    this.timerId = 0;
    this.idle = [];
    this.listeners = { document: new Map(), window: new Map() };
    this.currentJwt = () => (this.shopper ? answer(200, token(this.shopper, this.storeNow())) : answer(404));
    this.signature = () =>
      answer(200, { data: encodeURIComponent(SIGNATURE), ts: this.storeNow(), customer_id: this.shopper });
    this.context = vm.createContext(this.#globals(idle));
  }

  #globals(idle) {
    const page = this;
    const listen = (target) => (type, listener) => {
      const all = this.listeners[target];
      all.set(type, [...(all.get(type) ?? []), listener]);
    };
    const document = {
      hidden: false,
      currentScript: { src: `${WORKER}/storefront/v1/og-auth.js`, dataset: { clientId: CLIENT } },
      addEventListener: listen('document'),
      dispatchEvent: (event) => {
        assert.equal(event.type, 'og-auth');
        this.events.push(event.detail.customer);
      },
      get cookie() {
        return page.cookieString();
      },
      set cookie(line) {
        page.setCookie(line);
      },
    };
    class FakeDate extends Date {
      static now() {
        return page.ms;
      }
    }
    const console = new Proxy({}, { get: () => (...words) => this.logged.push(words.join(' ')) });
    const globals = {
      document,
      console,
      Date: FakeDate,
      URL,
      AbortSignal,
      CustomEvent,
      atob,
      addEventListener: listen('window'),
      fetch: (url, options) => this.#fetch(url, options),
      setTimeout: (run, delay) => {
        const wait = Number(delay) || 0;
        this.timers.set(++this.timerId, { at: this.ms + wait, run });
        return this.timerId;
      },
      clearTimeout: (id) => this.timers.delete(id),
    };
    if (idle) globals.requestIdleCallback = (run) => this.idle.push(run);
    globals.window = globals;
    this.document = document;
    return globals;
  }

  storeNow() {
    return Math.floor(this.ms / 1000) + this.storeClock;
  }

  cookieString() {
    for (const [name, { ends }] of this.jar) if (ends <= this.ms) this.jar.delete(name);
    return [...this.jar].map(([name, { value }]) => `${name}=${value}`).join('; ');
  }

  setCookie(line) {
    const { name, value, attributes } = parseCookie(line);
    this.writes.push({ name, value, attributes });
    const age = Number(attributes.get('max-age'));
    if (age > 0) this.jar.set(name, { value, ends: this.ms + age * 1000 });
    else this.jar.delete(name);
  }

  get ogAuth() {
    this.cookieString();
    return this.jar.get('og_auth')?.value;
  }

  async #fetch(url, options) {
    this.calls.push({ url, options, cookie: this.ogAuth });
    await null;
    return url.startsWith('/customer/current.jwt') ? this.currentJwt() : this.signature();
  }

  get signatureCalls() {
    return this.calls.filter(({ url }) => url.startsWith(WORKER));
  }

  /** Puts the script in the page, and lets the browser be idle. */
  async load() {
    vm.runInContext(SOURCE, this.context, { filename: 'og-auth.js' });
    await this.settle();
    return this;
  }

  async settle() {
    for (const run of this.idle.splice(0)) run({ didTimeout: false });
    for (let turn = 0; turn < 50; turn += 1) await null;
    await new Promise(setImmediate);
  }

  /** Moves the clock, firing timers on the way. */
  async pass(seconds) {
    const until = this.ms + seconds * 1000;
    for (;;) {
      const next = [...this.timers].filter(([, { at }]) => at <= until).sort(([, a], [, b]) => a.at - b.at)[0];
      if (!next) break;
      this.timers.delete(next[0]);
      this.ms = Math.max(this.ms, next[1].at);
      next[1].run();
      await this.settle();
    }
    this.ms = until;
  }

  /** The machine sleeps: time goes by, no timer fires. */
  sleep(seconds) {
    this.ms += seconds * 1000;
  }

  async fire(target, type, event = {}) {
    for (const listener of this.listeners[target].get(type) ?? []) listener({ type, ...event });
    await this.settle();
  }

  async show() {
    this.document.hidden = false;
    await this.fire('document', 'visibilitychange');
  }
}

test('a guest costs one call and leaves no cookie', async () => {
  const page = await new Page().load();
  assert.equal(page.calls.length, 1);
  assert.equal(page.calls[0].url, `/customer/current.jwt?app_client_id=${CLIENT}`);
  assert.equal(page.calls[0].options.credentials, 'same-origin');
  assert.equal(page.calls[0].options.cache, 'no-store');
  assert.deepEqual(page.writes, []);
  assert.deepEqual(page.events, []);
  await page.pass(24 * HOUR);
  assert.equal(page.calls.length, 1);
});

test('signing out removes the cookie', async () => {
  const page = await new Page({ cookies: { og_auth: cookieOf(70421, NOW - 60) } }).load();
  assert.equal(page.ogAuth, undefined);
  assert.equal(page.signatureCalls.length, 0);
  assert.equal(page.writes[0].attributes.get('path'), '/');
  assert.deepEqual(page.events, [null]);
});

test('a shopper gets the cookie that Ordergroove reads', async () => {
  const page = await new Page({ shopper: 70421 }).load();
  const [{ url, options }] = page.signatureCalls;
  assert.equal(url, `${WORKER}/api/v1/merchant/ordergroove/signature`);
  assert.deepEqual({ ...options.headers }, {
    accept: 'application/json',
    'authorization-client': CLIENT,
    Authorization: 'BigCommerce',
    'signed-payload': token(70421),
  });
  assert.equal(options.credentials, 'omit');
  const [{ name, value, attributes }] = page.writes;
  assert.equal(name, 'og_auth');
  assert.equal(value, `70421|${NOW}|${SIGNATURE}`);
  assert.deepEqual(Object.fromEntries(attributes), {
    path: '/', 'max-age': '7200', secure: true, samesite: 'lax',
  });
  assert.deepEqual(page.events, [70421]);
});

test('the cookie resolves in the library Ordergroove publishes', async () => {
  const page = await new Page({ shopper: 70421 }).load();
  globalThis.document = { cookie: page.cookieString() };
  try {
    assert.deepEqual(parseAuth(readAuthCookie()), { sig_field: '70421', ts: NOW, sig: SIGNATURE });
  } finally {
    delete globalThis.document;
  }
});

test('the time in the cookie is the one that was signed, and the cookie ends with it', async () => {
  const page = new Page({ shopper: 70421 });
  page.signature = () => answer(200, { data: encodeURIComponent(SIGNATURE), ts: NOW - 90, customer_id: 70421 });
  await page.load();
  assert.equal(page.ogAuth, cookieOf(70421, NOW - 90));
  assert.equal(page.writes[0].attributes.get('max-age'), '7110');
});

test('nothing happens before the browser is idle, with or without requestIdleCallback', async () => {
  const page = new Page({ shopper: 70421 });
  vm.runInContext(SOURCE, page.context);
  assert.equal(page.calls.length, 0);
  await page.settle();
  assert.equal(page.calls.length, 2);

  const safari = new Page({ shopper: 70421, idle: false });
  vm.runInContext(SOURCE, safari.context);
  assert.equal(safari.calls.length, 0);
  await safari.pass(1);
  assert.equal(safari.ogAuth, cookieOf(70421, NOW));
});

test('a fresh cookie of the same customer is kept', async () => {
  const cookie = cookieOf(70421, NOW - 6299);
  const page = await new Page({ shopper: 70421, cookies: { og_auth: cookie } }).load();
  assert.equal(page.signatureCalls.length, 0);
  assert.equal(page.ogAuth, cookie);
  assert.deepEqual(page.events, []);
});

test('an old cookie of the same customer is replaced, and stays until then', async () => {
  const cookie = cookieOf(70421, NOW - 6300);
  const page = await new Page({ shopper: 70421, cookies: { og_auth: cookie } }).load();
  assert.equal(page.signatureCalls[0].cookie, cookie);
  assert.equal(page.ogAuth, cookieOf(70421, NOW));
  assert.deepEqual(page.events, [70421]);
});

test('the cookie of another customer is gone before the call', async () => {
  const page = await new Page({ shopper: 70421, cookies: { og_auth: cookieOf(7042, NOW - 5) } }).load();
  assert.equal(page.signatureCalls[0].cookie, undefined);
  assert.equal(page.ogAuth, cookieOf(70421, NOW));
  assert.deepEqual(page.events, [null, 70421]);
});

for (const [what, value] of [
  ['percent-encoded', encodeURIComponent(cookieOf(70421, NOW - 5))],
  ['without a signature', `70421|${NOW - 5}|`],
  ['with no time', `70421|soon|${SIGNATURE}`],
  ['left over for two days', cookieOf(70421, NOW - 7200)],
  ['from tomorrow', cookieOf(70421, NOW + 24 * HOUR)],
  ['empty', ''],
]) {
  test(`a cookie ${what} does not stand`, async () => {
    const page = await new Page({ shopper: 70421, cookies: { og_auth: value } }).load();
    assert.equal(page.signatureCalls[0].cookie, undefined);
    assert.equal(page.ogAuth, cookieOf(70421, NOW));
  });
}

test('cookies with similar names are neither read nor touched', async () => {
  const cookies = {
    xog_auth: cookieOf(70421, NOW - 5),
    og_auth2: cookieOf(70421, NOW - 5),
    other: `og_auth=${cookieOf(70421, NOW - 5)}`,
  };
  const page = await new Page({ shopper: 70421, cookies }).load();
  assert.equal(page.signatureCalls.length, 1);
  for (const [name, value] of Object.entries(cookies)) assert.equal(page.jar.get(name).value, value);

  const among = { ...cookies, og_auth: cookieOf(70421, NOW - 5), last: '1' };
  const kept = await new Page({ shopper: 70421, cookies: among }).load();
  assert.equal(kept.signatureCalls.length, 0);

  const guest = await new Page({ cookies }).load();
  assert.deepEqual(guest.writes, []);
});

test('the payload is base64url of UTF-8', async () => {
  const page = new Page({ shopper: 70421 });
  const jwt = token(70421, NOW, { name: 'Zoë Łukasz 株式会社 ÿÿÿ>>>???', note: '~~~???>>>ûûû' });
  assert.match(jwt.split('.')[1], /-/);
  assert.match(jwt.split('.')[1], /_/);
  page.currentJwt = () => answer(200, jwt);
  await page.load();
  assert.equal(page.ogAuth, cookieOf(70421, NOW));
});

test('payloads of every length decode, though base64url has no padding', async () => {
  for (const filler of ['', 'x', 'xx', 'xxx']) {
    const page = new Page({ shopper: 70421 });
    page.currentJwt = () => answer(200, token(70421, NOW, { filler }));
    await page.load();
    assert.equal(page.ogAuth, cookieOf(70421, NOW));
  }
});

test('the token may come as text, with a line end, or as JSON', async () => {
  for (const body of [`${token(70421)}\n`, JSON.stringify({ token: token(70421) })]) {
    const page = new Page({ shopper: 70421 });
    page.currentJwt = () => answer(200, body);
    await page.load();
    assert.equal(page.signatureCalls[0].options.headers['signed-payload'], token(70421));
  }
});

test('it is renewed ten minutes before it ends, again and again', async () => {
  const page = await new Page({ shopper: 70421 }).load();
  await page.pass(6599);
  assert.equal(page.signatureCalls.length, 1);
  await page.pass(1);
  assert.equal(page.signatureCalls.length, 2);
  assert.equal(page.ogAuth, cookieOf(70421, NOW + 6600));
  await page.pass(3 * 6600);
  assert.equal(page.signatureCalls.length, 5);
  assert.equal(page.timers.size, 1);
});

test('a kept cookie is renewed by its own age', async () => {
  const page = await new Page({ shopper: 70421, cookies: { og_auth: cookieOf(70421, NOW - 6000) } }).load();
  await page.pass(599);
  assert.equal(page.signatureCalls.length, 0);
  await page.pass(1);
  assert.equal(page.signatureCalls.length, 1);
});

test('it is renewed in time though the store hands out tokens of some minutes ago', async () => {
  const page = new Page({ shopper: 70421 });
  page.currentJwt = () => answer(200, token(70421, page.storeNow() - 840));
  await page.load();
  for (let minute = 0; minute < 300; minute += 1) {
    await page.pass(60);
    const age = page.storeNow() - Number(page.ogAuth.split('|')[1]);
    assert.ok(age <= 6600, `${age} s`);
  }
  assert.ok(page.signatureCalls.length <= 5);
});

test('a token without iat and a wrong clock do not make it hammer', async () => {
  const page = new Page({ shopper: 70421, storeClock: -5 * HOUR });
  page.currentJwt = () => answer(200, token(70421, undefined, { iat: undefined }));
  await page.load();
  await page.pass(600);
  assert.ok(page.signatureCalls.length <= 11);
});

test('a tab that comes back renews if it is due, and only then', async () => {
  const page = await new Page({ shopper: 70421 }).load();
  page.sleep(HOUR);
  await page.show();
  assert.equal(page.calls.length, 2);
  page.sleep(HOUR);
  page.document.hidden = true;
  await page.fire('document', 'visibilitychange');
  assert.equal(page.calls.length, 2);
  await page.show();
  assert.equal(page.signatureCalls.length, 2);
  assert.equal(page.ogAuth, cookieOf(70421, NOW + 2 * HOUR));
  assert.equal(page.timers.size, 1);
});

test('a page out of the back-forward cache looks who is there', async () => {
  const page = await new Page({ shopper: 70421 }).load();
  await page.fire('window', 'pageshow', { persisted: false });
  assert.equal(page.calls.length, 2);
  await page.fire('window', 'pageshow', { persisted: true });
  assert.equal(page.calls.length, 3);
  assert.equal(page.signatureCalls.length, 1);
  page.shopper = null;
  await page.fire('window', 'pageshow', { persisted: true });
  assert.equal(page.ogAuth, undefined);
  assert.deepEqual(page.events, [70421, null]);
  assert.equal(page.timers.size, 0);
});

test('a signed-out shopper is noticed at the renewal', async () => {
  const page = await new Page({ shopper: 70421 }).load();
  page.shopper = null;
  await page.pass(6600);
  assert.equal(page.ogAuth, undefined);
  assert.equal(page.signatureCalls.length, 1);
});

test("a browser whose clock is wrong goes by the store's", async () => {
  for (const storeClock of [-3 * HOUR, 3 * HOUR]) {
    const page = await new Page({ shopper: 70421, storeClock }).load();
    assert.equal(page.ogAuth, cookieOf(70421, NOW + storeClock));
    assert.equal(page.writes[0].attributes.get('max-age'), '7200');
    const cookies = { og_auth: page.ogAuth };
    const next = await new Page({ shopper: 70421, storeClock, cookies }).load();
    assert.equal(next.signatureCalls.length, 0);
  }
});

const FAILURES = {
  'no network': () => Promise.reject(new TypeError('Failed to fetch')),
  'a 503': () => answer(503, { code: 'upstream_unavailable' }),
  'a 429': () => answer(429),
  'an answer that is not JSON': () => answer(200, '<html>'),
};

for (const [what, failure] of Object.entries(FAILURES)) {
  test(`${what}: a valid cookie is kept, and four more tries are made, ever later`, async () => {
    const cookie = cookieOf(70421, NOW - 6400);
    const page = new Page({ shopper: 70421, cookies: { og_auth: cookie } });
    page.signature = failure;
    await page.load();
    const made = [page.signatureCalls.length];
    for (const wait of [2, 10, 50, 250]) {
      await page.pass(wait);
      made.push(page.signatureCalls.length);
    }
    assert.deepEqual(made, [1, 2, 3, 4, 5]);
    await page.pass(HOUR);
    assert.equal(page.signatureCalls.length, 5);
    assert.equal(page.ogAuth, cookie);
    assert.deepEqual(page.writes, []);
  });
}

test('a failed try is made good by the next, or by the tab coming back', async () => {
  const page = new Page({ shopper: 70421 });
  const works = page.signature;
  page.signature = FAILURES['no network'];
  await page.load();
  page.signature = works;
  await page.pass(2);
  assert.equal(page.ogAuth, cookieOf(70421, NOW + 2));

  page.signature = FAILURES['no network'];
  await page.pass(2 * HOUR);
  assert.equal(page.ogAuth, undefined); // over, by its own max-age
  page.signature = works;
  await page.show();
  assert.equal(page.ogAuth, cookieOf(70421, NOW + 2 + 2 * HOUR));
});

test('a tab that comes back after a failed start tries again', async () => {
  const page = new Page({ shopper: 70421 });
  const works = page.signature;
  page.signature = FAILURES['no network'];
  await page.load();
  await page.pass(HOUR);
  page.signature = works;
  await page.show();
  assert.equal(page.ogAuth, cookieOf(70421, NOW + HOUR));
});

test('after a success a new failure has all its tries again', async () => {
  const page = new Page({ shopper: 70421 });
  const works = page.signature;
  page.signature = FAILURES['a 503'];
  await page.load();
  await page.pass(2 + 10 + 50);
  page.signature = works;
  await page.pass(250);
  assert.equal(page.signatureCalls.length, 5);
  assert.equal(page.ogAuth, cookieOf(70421, NOW + 312));
  page.signature = FAILURES['a 503'];
  await page.pass(6600 + 2 + 10 + 50);
  assert.equal(page.signatureCalls.length, 9);
});

test('the store failing to say who is there changes nothing', async () => {
  for (const currentJwt of [FAILURES['no network'], () => answer(500)]) {
    const cookie = cookieOf(70421, NOW - 60);
    const page = new Page({ shopper: 70421, cookies: { og_auth: cookie } });
    page.currentJwt = currentJwt;
    await page.load();
    await page.pass(HOUR);
    assert.equal(page.ogAuth, cookie);
    assert.equal(page.calls.length, 5);
  }
});

for (const status of [400, 401, 403, 404, 409]) {
  test(`a ${status} from the Worker ends it quietly`, async () => {
    const cookie = cookieOf(70421, NOW - 6400);
    const page = new Page({ shopper: 70421, cookies: { og_auth: cookie } });
    page.signature = () => answer(status, '<h1>no</h1>');
    await page.load();
    await page.pass(24 * HOUR);
    await page.show();
    assert.equal(page.calls.length, 2);
    assert.equal(page.ogAuth, cookie);
  });
}

for (const [what, body] of [
  ['a page', '<!doctype html><title>Sign in</title>'],
  ['a refusal', token(70421)],
  ['no signature', { ts: NOW, customer_id: 70421 }],
  ['a cookie of its own', { data: 'a%3B%20domain%3Devil', ts: NOW, customer_id: 70421 }],
]) {
  test(`${what} for an answer writes no cookie`, async () => {
    const page = new Page({ shopper: 70421 });
    if (typeof body === 'string') page.currentJwt = () => answer(body.startsWith('<') ? 200 : 403, body);
    else page.signature = () => answer(200, body);
    await page.load();
    await page.pass(HOUR);
    assert.deepEqual(page.writes, []);
  });
}

test('a token without a customer is a guest', async () => {
  for (const customer of [undefined, null, {}, { id: 0 }, { id: 'x' }]) {
    const page = new Page({ shopper: 70421, cookies: { og_auth: cookieOf(70421, NOW) } });
    page.currentJwt = () => answer(200, token(70421, NOW, { customer }));
    await page.load();
    assert.equal(page.ogAuth, undefined);
    assert.equal(page.signatureCalls.length, 0);
  }
});

test('included twice it works once', async () => {
  const page = await new Page({ shopper: 70421 }).load();
  await page.load();
  await page.load();
  assert.equal(page.calls.length, 2);
  assert.equal(page.timers.size, 1);
});

test('events that come while a look is under way do not double it', async () => {
  const page = new Page({ shopper: 70421 });
  let release;
  page.currentJwt = () => new Promise((resolve) => { release = () => resolve(answer(200, token(70421))); });
  await page.load();
  await page.fire('window', 'pageshow', { persisted: true });
  await page.show();
  assert.equal(page.calls.length, 1);
  release();
  await page.settle();
  assert.equal(page.calls.length, 2);
});

test('a page that includes it wrongly is left alone', async () => {
  for (const currentScript of [null, { src: '', dataset: { clientId: CLIENT } }, { src: `${WORKER}/a.js`, dataset: {} }]) {
    const page = new Page({ shopper: 70421 });
    page.document.currentScript = currentScript;
    await page.load();
    assert.equal(page.calls.length, 0);
  }
});

test('a page that may not have cookies is no error', async () => {
  const page = new Page({ shopper: 70421 });
  Object.defineProperty(page.document, 'cookie', { get() { throw new Error('SecurityError'); } });
  await page.load();
  assert.deepEqual(page.logged, []);
});

test('a browser without AbortSignal.timeout works', async () => {
  const page = new Page({ shopper: 70421 });
  page.context.AbortSignal = {};
  await page.load();
  assert.equal(page.ogAuth, cookieOf(70421, NOW));
});

test('nothing is ever logged, and no rejection is left unhandled', async () => {
  assert.doesNotMatch(SOURCE, /console|alert\(|debugger/);
  const unhandled = [];
  const note = (reason) => unhandled.push(reason);
  process.on('unhandledRejection', note);
  try {
    for (const failure of Object.values(FAILURES)) {
      for (const which of ['currentJwt', 'signature']) {
        const page = new Page({ shopper: 70421 });
        page[which] = failure;
        await page.load();
        await page.pass(HOUR);
        assert.deepEqual(page.logged, []);
      }
    }
    await new Promise(setImmediate);
  } finally {
    process.off('unhandledRejection', note);
  }
  assert.deepEqual(unhandled, []);
});

test('it is under 2 KB as served', () => {
  const size = gzipSync(SOURCE, { level: 9 }).length;
  assert.ok(size < 2048, `${size} bytes`);
});
