-- The rounds as one table in Markdown: medians over the rounds; of the ratio, taken within each round, the extremes too.

CREATE TEMPORARY TABLE rounds (
    place SERIAL, call TEXT, pgbench FLOAT8, api FLOAT8, p50 FLOAT8, p99 FLOAT8, api_cpu FLOAT8, postgres_cpu FLOAT8
);

\copy rounds (call, pgbench, api, p50, p99, api_cpu, postgres_cpu) FROM PSTDIN

\echo '| call | pgbench, per second | baton-api, per second | api ÷ pgbench (lowest–highest) | p50 | p99 | CPU per call: api | PostgreSQL |'
\echo '|---|---|---|---|---|---|---|---|'

SELECT format(
    '| `%s` | %s | %s | **%s** (%s–%s) | %s ms | %s ms | %s µs | %s µs |',
    call,
    round(percentile_cont(0.5) WITHIN GROUP (ORDER BY pgbench)),
    round(percentile_cont(0.5) WITHIN GROUP (ORDER BY api)),
    round((percentile_cont(0.5) WITHIN GROUP (ORDER BY api / pgbench))::numeric, 2),
    round(min(api / pgbench)::numeric, 2),
    round(max(api / pgbench)::numeric, 2),
    round((percentile_cont(0.5) WITHIN GROUP (ORDER BY p50))::numeric, 1),
    round((percentile_cont(0.5) WITHIN GROUP (ORDER BY p99))::numeric, 1),
    round(percentile_cont(0.5) WITHIN GROUP (ORDER BY api_cpu)),
    round(percentile_cont(0.5) WITHIN GROUP (ORDER BY postgres_cpu))
)
FROM rounds
GROUP BY call
ORDER BY min(place);
