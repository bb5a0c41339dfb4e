-- For whom a head votes is looked up whenever its ballot is shown.
CREATE INDEX poll_voter_agent ON poll_voter (street, poll, agent) WHERE agent IS NOT NULL;
