/** BigCommerce's script tells when somebody signs out of the control panel. It may load before or after ours. */

interface BigcommerceSdk {
  init(options: { onLogout: () => void }): void;
}

declare global {
  interface Window {
    Bigcommerce?: BigcommerceSdk;
    bcAsyncInit?: () => void;
  }
}

export function onControlPanelLogout(onLogout: () => void): void {
  const connect = (): void => {
    window.Bigcommerce?.init({ onLogout });
  };
  if (window.Bigcommerce) connect();
  else window.bcAsyncInit = connect;
}
