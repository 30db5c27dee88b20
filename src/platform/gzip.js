// The runtime's own compression: no code of it in the wasm.
async function through(bytes, stream) {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());
}

export const pack = (bytes) => through(bytes, new CompressionStream("gzip"));
export const unpack = (bytes) => through(bytes, new DecompressionStream("gzip"));
