// grammY: the lesson with sessions in Redis, and the reply in the webhook's response.
// As its documentation has it: `session` with a storage adapter, `webhookCallback` on node's own
// http server with the secret, `canUseWebhookReply` for the one method that shows the next step.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { RedisAdapter } from "@grammyjs/storage-redis";
import { Bot, InlineKeyboard, session, webhookCallback } from "grammy";
import { Redis } from "ioredis";

const lesson = JSON.parse(readFileSync(process.env.LESSON, "utf-8"));
const { steps } = lesson;

const bot = new Bot(process.env.TELEGRAM_BOT_TOKEN, {
  client: { apiRoot: process.env.TELEGRAM_API_BASE, canUseWebhookReply: (method) => method === "sendMessage" },
});
const redis = new Redis(process.env.REDIS_SOCKET);
bot.use(session({ initial: () => ({ step: 0, tries: 0 }), storage: new RedisAdapter({ instance: redis }) }));

/** Shows where the learner is, with what is to be said above it. */
async function show(ctx, note) {
  const { step } = ctx.session;
  const keys = new InlineKeyboard();
  steps[step].choices.forEach((choice, number) => keys.text(choice.text, `${step}:${number}`).row());
  await ctx.reply(note ? `${note}\n\n${steps[step].text}` : steps[step].text, { reply_markup: keys });
}

/** Takes the choice with this number, from 0, and says what is to be said above the next text. */
function pick(place, number) {
  const here = steps[place.step];
  const choice = here.choices[number];
  if (!choice) return "?";
  const last = !choice.goes_on && here.tries > 0 && place.tries + 1 >= here.tries;
  if (choice.goes_on || last) {
    place.step = (place.step + 1) % steps.length;
    place.tries = 0;
  } else {
    place.tries += 1;
  }
  return last ? choice.last : choice.note;
}

bot.command("start", async (ctx) => {
  ctx.session.step = 0;
  ctx.session.tries = 0;
  await show(ctx, lesson.first);
});

bot.hears(/^\d+$/, async (ctx) => {
  await show(ctx, pick(ctx.session, Number(ctx.match[0]) - 1));
});

bot.callbackQuery(/^\d+:(\d+)$/, async (ctx) => {
  await ctx.answerCallbackQuery();
  await show(ctx, pick(ctx.session, Number(ctx.match[1])));
});

const taken = webhookCallback(bot, "http", { secretToken: process.env.TELEGRAM_WEBHOOK_SECRET });
createServer((request, response) => {
  taken(request, response).catch((error) => {
    console.error(error);
    if (!response.headersSent) response.writeHead(500).end();
  });
}).listen(Number(process.env.PORT), "127.0.0.1");
