// The calls a merchant's theme makes when it follows the integration guide to the letter.
const page = document.getElementById('guide');
const { worker, clientId } = page.dataset;
const out = (name) => document.querySelector(`[data-test="${name}"]`);

const show = (name, state, text) => {
  out(name).dataset.state = state;
  out(name).textContent = text;
};

const ask = async (path, jwt) => {
  const response = await fetch(worker + path, {
    headers: {
      'authorization-client': clientId,
      Authorization: 'BigCommerce',
      'signed-payload': jwt,
      'content-type': 'application/json',
      accept: 'application/json',
    },
  });
  if (!response.ok) throw new Error(`answered ${response.status}`);
  return response.json();
};

const sign = async (jwt) => {
  const customer = JSON.parse(atob(jwt.split('.')[1])).customer.id;
  const ts = Math.floor(Date.now() / 1000);
  const data = await ask(`/api/v1/merchant/ordergroove/signature?ts=${ts}`, jwt);
  const signature = decodeURIComponent(data['data']);
  const twoHours = 2 * 60 * 60;
  document.cookie = `og_auth=${customer}|${ts}|${signature};path=/;max-age=${twoHours};secure`;
  show('guide-signature', 'ok', `The cookie is set for customer ${customer}.`);
};

const subscriber = async (jwt) => {
  const data = await ask('/api/v1/ordergroove/customer/has_subscriptions', jwt);
  const active = data['status'] == true;
  show('guide-status', active ? 'active' : 'inactive', active ? 'Has active subscriptions.' : 'Has none that is active.');
};

const run = async () => {
  const response = await fetch(`/customer/current.jwt?app_client_id=${encodeURIComponent(clientId)}`);
  if (!response.ok) {
    const [state, text] = response.status === 404 ? ['guest', 'Nobody is signed in.'] : ['error', `current.jwt answered ${response.status}`];
    show('guide-signature', state, text);
    show('guide-status', state, text);
    return;
  }
  const jwt = await response.text();
  await sign(jwt).catch((error) => show('guide-signature', 'error', error.message));
  await subscriber(jwt).catch((error) => show('guide-status', 'error', error.message));
};

run();
