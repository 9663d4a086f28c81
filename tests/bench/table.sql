-- The rounds as one table in Markdown, and below it each bar with what was reached: medians over the rounds; of the ratios, taken
-- within each round, the extremes too.

CREATE TEMPORARY TABLE rounds (
    place SERIAL, call TEXT, pgbench FLOAT8, node FLOAT8, api FLOAT8, p50 FLOAT8, p99 FLOAT8, api_cpu FLOAT8, postgres_cpu FLOAT8
);

\copy rounds (call, pgbench, node, api, p50, p99, api_cpu, postgres_cpu) FROM PSTDIN

CREATE TEMPORARY VIEW medians AS
SELECT
    call,
    min(place) AS place,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY pgbench) AS pgbench,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY node) AS node,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY api) AS api,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY api / pgbench) AS to_pgbench,
    format('%s–%s', round(min(api / pgbench)::numeric, 2), round(max(api / pgbench)::numeric, 2)) AS to_pgbench_range,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY api / node) AS to_node,
    format('%s–%s', round(min(api / node)::numeric, 2), round(max(api / node)::numeric, 2)) AS to_node_range,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY p50) AS p50,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY p99) AS p99,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY api_cpu) AS api_cpu,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY postgres_cpu) AS postgres_cpu
FROM rounds
GROUP BY call;

\echo '| call | pgbench, per second | fastify, per second | baton-api, per second | ÷ pgbench (lowest–highest) | ÷ fastify (lowest–highest) | p50 | p99 | CPU per call: api | PostgreSQL |'
\echo '|---|---|---|---|---|---|---|---|---|---|'

SELECT format(
    '| `%s` | %s | %s | %s | **%s** (%s) | **%s** (%s) | %s ms | %s ms | %s µs | %s µs |',
    call, round(pgbench), round(node), round(api), round(to_pgbench::numeric, 2), to_pgbench_range,
    round(to_node::numeric, 2), to_node_range, round(p50::numeric, 1), round(p99::numeric, 1), round(api_cpu), round(postgres_cpu)
)
FROM medians
ORDER BY place;

\echo
\echo '| call | ÷ pgbench | ÷ fastify | p99 |'
\echo '|---|---|---|---|'

SELECT format(
    '| `%s` | at least %s: %s | at least %s: %s | at most %s ms: %s |',
    call,
    bars.to_pgbench, CASE WHEN medians.to_pgbench >= bars.to_pgbench THEN 'reached' ELSE '**missed**' END,
    bars.to_node, CASE WHEN medians.to_node >= bars.to_node THEN 'reached' ELSE '**missed**' END,
    bars.p99, CASE WHEN medians.p99 <= bars.p99 THEN 'reached' ELSE '**missed**' END
)
FROM medians
JOIN (VALUES ('send_test', 2.0, 4.0, 15), ('test_status', 1.2, 1.6, 8), ('list_tests', 0.9, 2.0, 14))
    AS bars (call, to_pgbench, to_node, p99) USING (call)
ORDER BY place;
