DROP INDEX invites_assessment;
