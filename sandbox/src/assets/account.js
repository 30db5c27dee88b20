// Does what Ordergroove's own pages do: lets its library find the shopper, then asks its API.
const status = document.getElementById('og-status');
const { merchantId, restUrl } = status.dataset;

const show = (state, text) => {
  status.dataset.state = state;
  status.textContent = text;
};

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

// The cookie comes from another script of the page, so the first try may be too early.
const resolved = async (resolveAuth) => {
  const end = Date.now() + 10_000;
  for (;;) {
    try {
      return await resolveAuth('/og-auth-msi/');
    } catch (error) {
      if (Date.now() > end) throw error;
      await pause(250);
    }
  }
};

const run = async () => {
  let library;
  try {
    library = await import('/assets/ordergroove-auth.js');
  } catch {
    return show('no-library', 'Ordergroove\'s library was not built.');
  }
  let auth;
  try {
    auth = await resolved(library.resolveAuth);
  } catch {
    return show('unauthorized', 'Ordergroove\'s library could not find out who you are.');
  }
  const { sig_field, ts, sig } = auth;
  try {
    const response = await fetch(`${restUrl}/subscriptions/?customer=${encodeURIComponent(sig_field)}`, {
      headers: {
        authorization: JSON.stringify({ public_id: merchantId, ts, sig_field, sig }),
        'content-type': 'application/json',
      },
    });
    if (!response.ok) return show('refused', `Ordergroove refused the signature (${response.status}).`);
    const { count } = await response.json();
    show('accepted', `Ordergroove knows you: ${count} subscription${count === 1 ? '' : 's'}`);
  } catch {
    show('unavailable', 'Ordergroove could not be reached.');
  }
};

run();
