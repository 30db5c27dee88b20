// Signing out of the control panel, which the app in the frame is told of.
const button = document.getElementById('log-out');
const frame = document.getElementById('bigcommerce-app');

button.addEventListener('click', () => {
  frame.contentWindow.postMessage({ type: 'logout' }, new URL(frame.src).origin);
  button.textContent = 'Logged out';
  button.disabled = true;
});
