DROP TABLE job_imports;
DROP TABLE call_windows;
