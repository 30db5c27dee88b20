// What the runtime itself costs: a Worker that does nothing.

export default {
  fetch() {
    return new Response('{}', { headers: { 'content-type': 'application/json' } });
  },
};
