// What a batch has already, so that a folder can be chosen again and only what is missing is sent.
import { checksum } from "./sending.js";

const last = (name) => name.slice(name.lastIndexOf("/") + 1);
const inFolder = (name) => name.includes("/");

// The same path, or the same name where one of the two came without its folder: 1/a.png is not 2/a.png.
const alike = (one, other) => one === other || ((!inFolder(one) || !inFolder(other)) && last(one) === last(other));

export const alreadyHere = async (form) => {
  if (!form.dataset.here) return { count: 0, has: async () => false };
  const answer = await fetch(form.dataset.here, { headers: { "HX-Request": "true" } });
  const { files } = await answer.json();
  const byName = Map.groupBy(files, ([name]) => last(name));
  const has = async ({ file, name }) => {
    const found = (byName.get(last(name)) || []).filter(([kept, size]) => alike(kept, name) && [file.size, null].includes(size));
    if (!found.length) return false;
    const digest = await checksum(file); // null where the browser cannot: then name and size must do
    return found.some(([, , kept]) => !kept || !digest || kept === digest);
  };
  return { count: files.length, has };
};
