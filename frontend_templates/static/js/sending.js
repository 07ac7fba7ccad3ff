// Sends one file as one request and returns the row the server drew for it; rejects when nothing was heard.
const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

const checksum = async (file) => {
  if (!window.crypto.subtle) return null; // only there on https and localhost
  return hex(await window.crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
};

const filled = (context, file) => {
  const body = new FormData();
  for (const [name, value] of context) if (name !== "files") body.append(name, value);
  body.append("file", file);
  return body;
};

export const send = async ({ file, key }, { url, context, progress }) => {
  const digest = await checksum(file);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.setRequestHeader("HX-Request", "true");
    request.setRequestHeader("Idempotency-Key", key);
    if (digest) request.setRequestHeader("Content-SHA256", digest);
    request.upload.onprogress = (event) => progress(Math.round((100 * event.loaded) / event.total));
    request.onerror = () => reject(new Error("network"));
    request.onload = () => {
      const outcome = request.getResponseHeader("X-Row");
      if (outcome) resolve({ html: request.responseText, outcome });
      else reject(new Error(String(request.status)));
    };
    request.send(filled(context, file));
  });
};
