// A ZIP is one request; its pictures become a batch of their own, unpacked in the background.
import { part as find } from "./opening.js";
import { form, say, state } from "./queue.js";
import { add, mark } from "./rows.js";
import { sendArchive } from "./sending.js";

export const isArchive = ({ name }) => /\.zip$/i.test(name);

export const archive = async ({ file, name }) => {
  const item = add({ file, name });
  state.all += 1;
  say();
  mark(item, "sending");
  try {
    const answer = await sendArchive(file, { url: form.dataset.zip, context: new FormData(form), progress: (percent) => mark(item, "sending", percent) });
    if (answer.page) {
      state.accepted += 1;
      mark(item, "unpacking", 100, answer.page);
      window.location.assign(answer.page);
    } else {
      state.refused += 1;
      find("findings").innerHTML = answer.html;
      mark(item, "refused");
      find("findings").scrollIntoView({ block: "nearest" });
    }
  } catch {
    mark(item, "missing");
  }
  say();
};
