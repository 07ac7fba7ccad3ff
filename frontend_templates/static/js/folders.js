// What was chosen or dropped, folders included, as { file, name } with the path as the name.
const LITTER = /(^|\/)(\.|__MACOSX\/|Thumbs\.db$|desktop\.ini$)/i;
const named = (file, path) => ({ file, name: path || file.name });

const ordered = (files) => files.filter(({ name }) => !LITTER.test(name)).sort((one, two) => one.name.localeCompare(two.name, undefined, { numeric: true }));

export const chosen = (files) => ordered([...files].map((file) => named(file, file.webkitRelativePath)));

const listed = async (folder) => {
  const reader = folder.createReader();
  const found = [];
  for (;;) { // a reader gives a hundred at a time
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return found;
    found.push(...some);
  }
};
const walked = async (entry) => {
  if (entry.isFile) return [named(await new Promise((resolve, reject) => entry.file(resolve, reject)), entry.fullPath.slice(1))];
  const found = [];
  for (const inner of await listed(entry)) found.push(...await walked(inner));
  return found;
};
export const dropped = async (transfer) => {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return chosen(transfer.files);
  const found = [];
  for (const entry of entries) found.push(...await walked(entry));
  return ordered(found);
};
