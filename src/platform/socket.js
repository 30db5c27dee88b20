// A TCP connection of the runtime's, read and written in whole pieces. One write may be under way: the next waits for
// it, so that what is queued stays small while the network is kept busy.
import { connect } from "cloudflare:sockets";

export class Socket {
  #socket;
  #reader;
  #writer;
  #writing = Promise.resolve();

  constructor(hostname, port, isSecure) {
    this.#socket = connect({ hostname, port }, { secureTransport: isSecure ? "on" : "off", allowHalfOpen: false });
    this.#socket.closed.catch(() => {}); // reading and writing tell of it
    this.#reader = this.#socket.readable.getReader();
    this.#writer = this.#socket.writable.getWriter();
    this.#writer.closed.catch(() => {});
    this.#reader.closed.catch(() => {});
  }

  async opened() {
    await this.#socket.opened;
  }

  // The next bytes, or undefined at the end.
  async read() {
    const { value, done } = await this.#reader.read();
    return done ? undefined : value;
  }

  // `bytes` must not be a view of wasm memory.
  async write(bytes) {
    await this.#writing;
    this.#writing = this.#writer.write(bytes);
    this.#writing.catch(() => {}); // the next write, or flush, tells of it
  }

  async flush() {
    await this.#writing;
  }

  close() {
    this.#socket.close().catch(() => {});
  }
}
