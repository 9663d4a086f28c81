// The same three calls as a thin Node server, for `tests/bench/run`: fastify and pg, two processes, the same tables.
//
// It does what such a server would do at the least: looks the key up and compares it, reads what the call needs by prepared
// statements, and stores an invite with all that belongs to it in one transaction. It does not check bodies beyond what it
// reads, signs no links with keys at rest, keeps no log, and wakes no worker.
//
//   DATABASE=postgres://… LISTEN=127.0.0.1:8080 node server.js

import cluster from "node:cluster";
import { createHash, randomBytes, randomFillSync, timingSafeEqual } from "node:crypto";

import Fastify from "fastify";
import pg from "pg";

const PROCESSES = 2;
const CONNECTIONS = 8;

if (cluster.isPrimary) {
  for (let number = 0; number < PROCESSES; number++) cluster.fork();
  cluster.on("exit", () => process.exit(1));
  process.on("SIGTERM", () => process.exit(0));
} else {
  serve();
}

async function serve() {
  const pool = new pg.Pool({ connectionString: process.env.DATABASE, max: CONNECTIONS / PROCESSES });
  const server = Fastify();
  server.addHook("onRequest", async (request, reply) => {
    request.caller = await authenticate(pool, request.headers.authorization);
    if (!request.caller) return reply.code(401).send({ error: "unauthorized" });
  });
  server.get("/api/greenhouse/list_tests", (request) => listTests(pool, request.caller));
  server.get("/api/greenhouse/test_status", (request, reply) => testStatus(pool, request, reply));
  server.post("/api/greenhouse/send_test", (request, reply) => sendTest(pool, request, reply));
  const [host, port] = process.env.LISTEN.split(":");
  await server.listen({ host, port: Number(port) });
}

// --- Who calls -------------------------------------------------------------------------------------------------------

const FIND_KEY = `SELECT id, organization_id, kind, scopes, secret_hash, ends_at FROM api_keys WHERE public_id = $1`;

async function authenticate(pool, header) {
  const [user] = Buffer.from((header ?? "").slice("Basic ".length), "base64").toString().split(":");
  const [prefix, publicId, secretAndSum] = user.split("_");
  if (prefix !== "gh" || !secretAndSum) return null;
  const { rows } = await pool.query({ name: "find_key", text: FIND_KEY, values: [publicId] });
  const hash = createHash("sha256").update(secretAndSum.slice(0, -6)).digest();
  const key = rows[0];
  return key && timingSafeEqual(hash, key.secret_hash) && key.ends_at === null ? key : null;
}

// --- list_tests ------------------------------------------------------------------------------------------------------

const LIST_TESTS = `SELECT id, title FROM assessments WHERE organization_id = $1 AND status = 'published' ORDER BY title`;

async function listTests(pool, caller) {
  const { rows } = await pool.query({ name: "list_tests", text: LIST_TESTS, values: [caller.organization_id] });
  return rows.map((row) => ({ partner_test_id: uuid(row.id), partner_test_name: row.title }));
}

// --- test_status -----------------------------------------------------------------------------------------------------

const FIND_INVITE = `SELECT status, result FROM invites WHERE organization_id = $1 AND id = $2`;
const STATUS = { invited: "sent", started: "in_progress" };

async function testStatus(pool, request, reply) {
  const values = [request.caller.organization_id, bytes(request.query.partner_interview_id)];
  const { rows } = await pool.query({ name: "find_invite", text: FIND_INVITE, values });
  if (rows.length === 0) return reply.code(404).send({ error: "unknown_interview" });
  return { partner_status: STATUS[rows[0].status] ?? rows[0].status };
}

// --- send_test -------------------------------------------------------------------------------------------------------

const FIND_TEST = `SELECT title, version FROM assessments WHERE organization_id = $1 AND id = $2 AND status = 'published'`;
const FIND_ASK = `SELECT id, assessment_id, email_key FROM invites WHERE organization_id = $1 AND ask_key = $2`;
const MAKE_CANDIDATE = `INSERT INTO candidates (organization_id, email_key, id, created_at) VALUES ($1, $2, $3, $4)
  ON CONFLICT (organization_id, email_key) DO UPDATE SET email_key = excluded.email_key RETURNING id`;
const MAKE_INVITE = `INSERT INTO invites (organization_id, id, assessment_id, assessment_version, assessment_title, complete_on,
    candidate_id, candidate, email_key, search_text, origin, ask_key, ats, status, attempt, link_hash, mails, email_state,
    resends, grant_number, created_at, expires_at, due_at, edition)
  VALUES ($1, $2, $3, $4, $5, 'graded', $6, $7, $8, $9, 'greenhouse', $10, $11, 'invited', 1, $12, true, 'queued',
    0, 1, $13, $14, $14, 0)`;
const MAKE_PLACE = `INSERT INTO places (organization_id, invite_id, id, target, subject)
  VALUES ($1, $2, $3, 'greenhouse_status', $4)`;
const MAKE_EVENT = `INSERT INTO events (organization_id, id, invite_id, name, detail, at)
  VALUES ($1, $2, $3, 'invite.created', '{"mails":true,"origin":"greenhouse"}', $4)`;
const MAKE_JOB = `INSERT INTO jobs (id, organization_id, kind, dedupe_key, payload, state, attempt, run_at, created_at)
  VALUES ($1, $2, 'mail_invite', $3, $4, 'ready', 0, $5, $5)`;

const DAYS_14 = 14n * 86_400_000_000n;

async function sendTest(pool, request, reply) {
  const organization = request.caller.organization_id;
  const body = request.body;
  const client = await pool.connect();
  const run = async (name, text, values) => (await client.query({ name, text, values })).rows;
  try {
    await client.query("BEGIN");
    const answer = await invite(run, organization, body);
    await client.query("COMMIT");
    return answer ?? reply.code(404).send({ error: "unknown_test" });
  } catch (error) {
    await client.query("ROLLBACK");
    throw error;
  } finally {
    client.release();
  }
}

async function invite(run, organization, { partner_test_id, candidate, url }) {
  const test = bytes(partner_test_id);
  const [assessment] = await run("find_test", FIND_TEST, [organization, test]);
  if (!assessment) return null;
  const askKey = `url ${url}`;
  const email = candidate.email.toLowerCase();
  const [known] = await run("find_ask", FIND_ASK, [organization, askKey]);
  if (known) return { partner_interview_id: uuid(known.id) };

  const now = BigInt(Date.now()) * 1000n;
  const id = newId();
  const [person] = await run("make_candidate", MAKE_CANDIDATE, [organization, email, newId(), now]);
  const details = JSON.stringify({
    first_name: candidate.first_name,
    last_name: candidate.last_name,
    preferred_name: null,
    email: candidate.email,
    phone: candidate.phone_number,
    linkedin_url: null,
  });
  const searched = `${candidate.first_name} ${candidate.last_name}\n\n${email}\n${assessment.title}`.toLowerCase();
  const profile = new URL(candidate.greenhouse_profile_url);
  const ats = JSON.stringify({
    profile_url: candidate.greenhouse_profile_url,
    person_id: profile.pathname.split("/").pop(),
    application_id: profile.searchParams.get("application_id"),
  });
  const link = createHash("sha256").update(randomBytes(32)).digest();
  await run("make_invite", MAKE_INVITE, [
    organization, id, test, assessment.version, assessment.title, person.id, details, email, searched, askKey, ats, link,
    now, now + DAYS_14,
  ]);
  await run("make_place", MAKE_PLACE, [organization, id, newId(), url]);
  await run("make_event", MAKE_EVENT, [organization, newId(), id, now]);
  const payload = JSON.stringify({ invite: uuid(id), attempt: 1, occasion: "invitation" });
  await run("make_job", MAKE_JOB, [newId(), organization, `${uuid(id)}.1.invitation`, payload, now]);
  return { partner_interview_id: uuid(id) };
}

// --- Ids -------------------------------------------------------------------------------------------------------------

// UUIDv7.
function newId() {
  const id = Buffer.alloc(16);
  randomFillSync(id, 6);
  id.writeUIntBE(Date.now(), 0, 6);
  id[6] = (id[6] & 0x0f) | 0x70;
  id[8] = (id[8] & 0x3f) | 0x80;
  return id;
}

function bytes(id) {
  return Buffer.from((id ?? "").replaceAll("-", ""), "hex");
}

function uuid(id) {
  const hex = id.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
