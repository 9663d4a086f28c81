DROP TABLE partings;
DROP INDEX connections_of_account;
ALTER TABLE connections DROP COLUMN shared;
