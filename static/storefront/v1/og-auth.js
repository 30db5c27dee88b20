// Keeps the og_auth cookie, by which Ordergroove's scripts know the signed-in shopper.
// <script src="https://WORKER/storefront/v1/og-auth.js" data-client-id="CLIENT_ID" defer></script>
// Fires "og-auth" on document after each change; detail.customer is the id, or null.
(() => {
  const me = document.currentScript;
  const client = me?.dataset.clientId;
  if (!client || !me.src || window.ogAuthScript) return; // included twice: the first works
  window.ogAuthScript = true;

  const worker = new URL(me.src).origin;
  const LIFE = 7200; // s that Ordergroove accepts a signature
  const FRESH = 6300; // a younger one is kept
  const RENEW = 6600;
  let due = Infinity; // ms, when the cookie wants renewing
  let tries = 0; // that failed in a row
  let busy, timer;

  const write = (value, age, customer) => {
    // Ordergroove does not URL-decode: written as it is.
    document.cookie = `og_auth=${value}; path=/; max-age=${age}; secure; samesite=lax`;
    document.dispatchEvent(new CustomEvent('og-auth', { detail: { customer } }));
  };

  const get = async (url, options) => {
    const answer = await fetch(url, {
      cache: 'no-store',
      signal: AbortSignal.timeout?.(1e4),
      ...options,
    });
    if (answer.status > 499 || answer.status === 429) throw answer.status; // worth another try
    return answer;
  };

  // Answers the seconds until the next look, or nothing when there is no need of one.
  const look = async () => {
    const asked = await get(`/customer/current.jwt?app_client_id=${encodeURIComponent(client)}`, {
      credentials: 'same-origin',
    });
    const cookie = /(?:^|; *)og_auth=([^;]*)/.exec(document.cookie);
    const forget = () => cookie && write('', 0, null);
    if (asked.status === 404) return forget(); // a guest
    const jwt = asked.ok && /eyJ[\w-]+\.([\w-]+)\.[\w-]+/.exec(await asked.text());
    if (!jwt) return;

    // base64url, which atob does not know. It garbles UTF-8 too, but only numbers are read.
    const claims = JSON.parse(atob(jwt[1].replace(/-/g, '+').replace(/_/g, '/')));
    const id = claims.customer?.id;
    if (!(id > 0)) return forget();

    // The token is seconds old: unlike the shopper's clock, its iat is right.
    const now = claims.iat || Math.floor(Date.now() / 1e3);
    const [owner, since, old] = cookie ? cookie[1].split('|') : [];
    let age = old && owner === `${id}` ? Math.abs(now - since) : LIFE;
    // due: should the store hand out a token of some minutes ago
    if (Date.now() >= due || !(age < FRESH)) {
      if (!(age < LIFE)) forget(); // another customer's, broken or over
      const signed = await get(`${worker}/api/v1/merchant/ordergroove/signature`, {
        credentials: 'omit',
        headers: {
          accept: 'application/json',
          'authorization-client': client,
          Authorization: 'BigCommerce',
          'signed-payload': jwt[0],
        },
      });
      if (!signed.ok) return;
      const { data, ts, customer_id } = await signed.json();
      const value = `${customer_id}|${ts}|${decodeURIComponent(data)}`;
      if (!data || !/^\d+\|\d+\|[\w+/]+=*$/.test(value)) return;
      age = Math.abs(now - ts);
      write(value, LIFE - age, customer_id);
    }
    return Math.max(60, RENEW - age);
  };

  const run = async () => {
    if (busy) return;
    busy = true;
    clearTimeout(timer);
    let wait;
    try {
      wait = await look();
      tries = 0;
      due = wait ? Date.now() + wait * 1e3 : Infinity;
    } catch {
      wait = tries < 4 && 2 * 5 ** tries;
      tries++;
    }
    if (wait) timer = setTimeout(run, wait * 1e3);
    busy = false;
  };

  // Timers sleep in hidden tabs; a page out of the back-forward cache may have outlived its login.
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden && (tries || Date.now() >= due)) run();
  });
  addEventListener('pageshow', (event) => {
    if (event.persisted) run();
  });
  (window.requestIdleCallback || setTimeout)(run, { timeout: 1e3 });
})();
