import { createTransport } from "nodemailer";
import { workOff } from "./queue.mjs";

const { RENDERED_QUEUE_URL, SMTP_URL } = process.env;
const post = createTransport({ url: SMTP_URL });
const ends = new AbortController();
process.once("SIGTERM", () => ends.abort());

await workOff(RENDERED_QUEUE_URL, ends.signal, ({ id, mail }) =>
  post.sendMail({
    ...{ from: "prints@example.com", to: mail, subject: "Your print is ready" },
    text: `https://prints.example.com/orders/${id}`,
  }),
);
