DROP TABLE write_probes;
DROP TABLE schema_floor;
