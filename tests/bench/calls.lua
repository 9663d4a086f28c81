-- Greenhouse's calls, for wrk:
--
--   wrk … -s calls.lua URL -- CALL ROUND CREDENTIAL TEST CREDENTIAL TEST
--
-- CALL is send_test, test_status or list_tests; ROUND differs from run to run, so that every send_test is a new ask; then, for
-- each organization, what follows `Basic` and a published test. Prints one line for `run` at the end.

local threads = 0
function setup(thread)
   threads = threads + 1
   thread:set("thread_number", threads)
end

local organizations, round, sent = {}, "", 0

local calls = {}

function calls.send_test(organization)
   sent = sent + 1
   local ask = round .. "-" .. thread_number .. "-" .. sent
   local body = '{"partner_test_id":"' .. organization.test .. '","candidate":{"first_name":"Ada","last_name":"Lovelace",'
      .. '"resume_url":null,"phone_number":"+44 20 7946 0018","email":"ada.' .. ask .. '@example.com",'
      .. '"greenhouse_profile_url":"https://app.greenhouse.io/people/17681532?application_id=26234709"},'
      .. '"url":"https://app.greenhouse.io/assessments/' .. ask .. '"}'
   return wrk.format("POST", "/api/greenhouse/send_test", organization.headers, body)
end

-- seed.sql says how the ids are made.
function calls.test_status(organization)
   local id = ("%08x-0000-7000-0000-%012x"):format(organization.number, math.random(1, 5000))
   return wrk.format("GET", "/api/greenhouse/test_status?partner_interview_id=" .. id, organization.headers)
end

function calls.list_tests(organization)
   return wrk.format("GET", "/api/greenhouse/list_tests", organization.headers)
end

local call

function init(args)
   call, round = calls[args[1]], args[2]
   for number = 1, 2 do
      organizations[number] = {
         number = number,
         headers = { Authorization = "Basic " .. args[2 * number + 1], ["Content-Type"] = "application/json" },
         test = args[2 * number + 2],
      }
   end
   math.randomseed(thread_number + os.time())
end

function request()
   return call(organizations[math.random(1, 2)])
end

-- Answers, seconds, faults (statuses of 400 and more, lost connections), and the 50th and 99th percentile in milliseconds.
function done(summary, latency)
   local errors = summary.errors
   local faults = errors.status + errors.connect + errors.read + errors.write + errors.timeout
   print(("result %d %.3f %d %.3f %.3f"):format(summary.requests, summary.duration / 1e6, faults,
      latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
