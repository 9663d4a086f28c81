DROP TABLE reminders;
DROP TABLE mail_days;
DROP TABLE mails;
