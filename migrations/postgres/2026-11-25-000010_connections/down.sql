DROP TABLE allowances;
DROP TABLE trigger_stages;
DROP TABLE connect_links;
DROP TABLE oauth_states;
DROP TABLE grants;
DROP TABLE connections;
