// The runtime's cryptography, as SSH needs it. What comes in may be a view of wasm memory, which moves: it is copied
// before the first wait.
const { subtle } = crypto;
const TAG = 16;

const BITS = { X25519: 256, "P-256": 256, "P-384": 384, "P-521": 528 };
const agreement = (curve) => (curve === "X25519" ? { name: curve } : { name: "ECDH", namedCurve: curve });
const scheme = (name, curve, hash) => ({ name, ...(name === "ECDSA" && { namedCurve: curve }), ...(hash && { hash }) });

// [private key, public key as bytes]
export async function makePair(curve) {
  const pair = await subtle.generateKey(agreement(curve), false, ["deriveBits"]);
  return [pair.privateKey, new Uint8Array(await subtle.exportKey("raw", pair.publicKey))];
}

export async function agree(curve, own, theirs) {
  const algorithm = agreement(curve);
  const peer = await subtle.importKey("raw", theirs, algorithm, false, []);
  return new Uint8Array(await subtle.deriveBits({ name: algorithm.name, public: peer }, own, BITS[curve]));
}

export async function verify(name, curve, hash, jwk, signature, data) {
  [signature, data] = [signature.slice(), data.slice()];
  const algorithm = scheme(name, curve, hash);
  const key = await subtle.importKey("jwk", JSON.parse(jwk), algorithm, false, ["verify"]);
  return subtle.verify(algorithm, key, signature, data);
}

// [private key, its public half as a JSON Web Key]
export async function importPrivate(name, curve, hash, pkcs8, jwk) {
  const algorithm = scheme(name, curve, hash);
  const known = jwk && JSON.parse(jwk);
  if (known?.p && !known.dp) Object.assign(known, exponents(known));
  const key = await (known
    ? subtle.importKey("jwk", known, algorithm, true, ["sign"])
    : subtle.importKey("pkcs8", pkcs8, algorithm, true, ["sign"]));
  const { x, y, n, e, crv } = await subtle.exportKey("jwk", key);
  return [key, JSON.stringify({ x, y, n, e, crv })];
}

export async function sign(key, hash, data) {
  const algorithm = { name: key.algorithm.name, ...(hash && { hash }) };
  return new Uint8Array(await subtle.sign(algorithm, key, data));
}

export async function importAes(name, bytes) {
  return subtle.importKey("raw", bytes, name, false, ["encrypt", "decrypt"]);
}

// AES-CTR is its own inverse.
export async function ctr(key, counter, data) {
  return new Uint8Array(await subtle.encrypt({ name: "AES-CTR", counter, length: 128 }, key, data));
}

// Packets one after the other: four bytes of length, which are authenticated only, then as many bytes. Each takes the
// next nonce. Sealing puts a tag behind each.
export async function sealGcm(key, nonce, packets) {
  return eachGcm(nonce, packets, 0, TAG, (algorithm, bytes) => subtle.encrypt(algorithm, key, bytes));
}

export async function openGcm(key, nonce, packets) {
  return eachGcm(nonce, packets, TAG, 0, (algorithm, bytes) => subtle.decrypt(algorithm, key, bytes));
}

async function eachGcm(nonce, packets, tagBefore, tagAfter, work) {
  [nonce, packets] = [nonce.slice(), packets.slice()];
  const [counter, lengths] = [new DataView(nonce.buffer), new DataView(packets.buffer)];
  const parts = [];
  let total = 0;
  for (let at = 0; at < packets.length; ) {
    const end = at + 4 + lengths.getUint32(at) + tagBefore;
    const head = packets.subarray(at, at + 4);
    const algorithm = { name: "AES-GCM", iv: nonce.slice(), additionalData: head };
    parts.push([head, work(algorithm, packets.subarray(at + 4, end))]);
    total += end - at - tagBefore + tagAfter;
    counter.setBigUint64(4, counter.getBigUint64(4) + 1n);
    at = end;
  }
  const done = new Uint8Array(total);
  let at = 0;
  for (const [head, part] of parts) {
    const bytes = new Uint8Array(await part);
    done.set(head, at);
    done.set(bytes, at + 4);
    at += 4 + bytes.length;
  }
  return done;
}

// OpenSSH's file leaves out two numbers that WebCrypto wants.
function exponents({ d, p, q }) {
  const number = (text) => BigInt(`0x${[...decode(text)].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`);
  const less = (prime) => {
    const hex = (number(d) % (number(prime) - 1n)).toString(16);
    const bytes = (hex.length % 2 ? `0${hex}` : hex).match(/../g).map((pair) => parseInt(pair, 16));
    return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  };
  return { dp: less(p), dq: less(q) };
}

const decode = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
