DROP TABLE stage_mappings;
