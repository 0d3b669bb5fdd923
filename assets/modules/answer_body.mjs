/**
 * The body of an answer of /live (app/render/answer_body.py): JSON, or while a slider is held JSON
 * followed by float32 arrays.
 */

/**
 * Return the answer in a binary body: the length of the JSON, the JSON, the arrays of its frame.
 * @param {ArrayBuffer} buffer
 */
export function decodeBinary(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const answer = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  let at = 4 + length;
  answer.frame.arrays = answer.frame.arrays.map((/** @type {number} */ size) => {
    const array = new Float32Array(buffer, at, size);
    at += array.byteLength;
    return array;
  });
  return answer;
}

/**
 * Return the answer in a response.
 * @param {Response} response
 * @returns {Promise<import("./controls.mjs").Answer>}
 */
export async function decodeAnswer(response) {
  const isBinary = response.headers.get("Content-Type") === "application/octet-stream";
  return isBinary ? decodeBinary(await response.arrayBuffer()) : response.json();
}
