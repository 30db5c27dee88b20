// The next runs of schedules by cron-parser, for src/feeds/schedule/tests.rs: a list of cases in, a list of runs each
// out, in Unix seconds.
import { CronExpressionParser } from "cron-parser";

const cases = JSON.parse(await new Response(process.stdin).text());
const answers = cases.map(({ expression, zone, after, runs }) => {
  const cron = CronExpressionParser.parse(expression, { tz: zone, currentDate: new Date(after * 1000) });
  return Array.from({ length: runs }, () => cron.next().getTime() / 1000);
});
process.stdout.write(JSON.stringify(answers));
