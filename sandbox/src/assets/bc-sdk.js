// Stands for BigCommerce's bc-sdk.js: calls bcAsyncInit when it is there, then onLogout when the panel says so.
(() => {
  let onLogout;
  window.Bigcommerce = {
    init: (options) => {
      onLogout = options.onLogout;
    },
  };
  addEventListener('message', (event) => {
    if (event.source === parent && event.data?.type === 'logout') onLogout?.();
  });
  window.bcAsyncInit?.();
})();
