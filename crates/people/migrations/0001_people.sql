-- Units: who leads and supports.
CREATE TABLE unit (
  street {id} NOT NULL,
  id {id} NOT NULL,
  seq {int} NOT NULL,
  state {json} NOT NULL,
  kind {text} NOT NULL,
  name {text} NOT NULL,
  place {text} NOT NULL,
  active {bool} NOT NULL,
  PRIMARY KEY (street, id)
) {strict};
CREATE UNIQUE INDEX unit_name ON unit (street, name) WHERE active;

-- Persons. What is personal stands here as a commitment; the clear text lies encrypted in `words`.
CREATE TABLE person (
  street {id} NOT NULL,
  id {id} NOT NULL,
  seq {int} NOT NULL,
  state {json} NOT NULL,
  name {text},
  phone {text},
  lives_at {text},
  PRIMARY KEY (street, id)
) {strict};

-- Blind indexes: a person is found by telephone or name without either standing here.
CREATE TABLE person_key (
  street {id} NOT NULL,
  kind {text} NOT NULL,
  blind {text} NOT NULL,
  person {id} NOT NULL,
  PRIMARY KEY (street, kind, blind, person)
) {strict};
CREATE UNIQUE INDEX person_key_phone ON person_key (street, blind) WHERE kind = 'phone';
CREATE INDEX person_key_person ON person_key (street, person);

CREATE TABLE account (
  street {id} NOT NULL,
  id {id} NOT NULL,
  seq {int} NOT NULL,
  state {json} NOT NULL,
  person {id} NOT NULL,
  login {text},
  locked {bool} NOT NULL,
  PRIMARY KEY (street, id)
) {strict};
CREATE UNIQUE INDEX account_person ON account (street, person);

-- Secrets of accounts: never in the journal, never in a list.
CREATE TABLE account_secret (
  street {id} NOT NULL,
  account {id} NOT NULL,
  login {text},
  password {text},
  totp {bytes},
  totp_new {bytes},
  totp_step {int} NOT NULL,
  recovery {json} NOT NULL,
  PRIMARY KEY (street, account)
) {strict};
CREATE UNIQUE INDEX account_secret_login ON account_secret (street, login);

CREATE TABLE office (
  street {id} NOT NULL,
  id {id} NOT NULL,
  seq {int} NOT NULL,
  state {json} NOT NULL,
  person {id} NOT NULL,
  kind {text} NOT NULL,
  place {text} NOT NULL,
  unit {id},
  from_on {text} NOT NULL,
  until_on {text},
  ended {bool} NOT NULL,
  PRIMARY KEY (street, id)
) {strict};
CREATE INDEX office_person ON office (street, person);
CREATE INDEX office_kind ON office (street, kind, place);
CREATE INDEX office_unit ON office (street, unit);

-- Who is signed in: tokens only as hashes.
CREATE TABLE session (
  street {id} NOT NULL,
  hash {text} NOT NULL,
  account {id} NOT NULL,
  person {id} NOT NULL,
  second {text} NOT NULL,
  agent {bytes} NOT NULL,
  started_at {time} NOT NULL,
  seen_at {time} NOT NULL,
  idle_s {int} NOT NULL,
  until_at {time} NOT NULL,
  PRIMARY KEY (street, hash)
) {strict};
CREATE UNIQUE INDEX session_hash ON session (hash);
CREATE INDEX session_account ON session (street, account);

CREATE TABLE api_token (
  street {id} NOT NULL,
  id {id} NOT NULL,
  account {id} NOT NULL,
  person {id} NOT NULL,
  name {text} NOT NULL,
  hash {text} NOT NULL,
  made_at {time} NOT NULL,
  used_at {time},
  revoked_at {time},
  PRIMARY KEY (street, id)
) {strict};
CREATE UNIQUE INDEX api_token_hash ON api_token (hash);
CREATE INDEX api_token_account ON api_token (street, account);

-- Failures by account, or by what was typed when there is no such account: both lock alike.
CREATE TABLE sign_in_try (
  street {id} NOT NULL,
  key {text} NOT NULL,
  failed {int} NOT NULL,
  locked_until {time},
  at {time} NOT NULL,
  PRIMARY KEY (street, key)
) {strict};

-- Codes sent to telephones.
CREATE TABLE sign_in_code (
  street {id} NOT NULL,
  phone {text} NOT NULL,
  hash {text} NOT NULL,
  sent_at {time} NOT NULL,
  until_at {time} NOT NULL,
  tries {int} NOT NULL,
  PRIMARY KEY (street, phone)
) {strict};

-- Counters of a time window, against too many codes.
CREATE TABLE sign_in_rate (
  street {id} NOT NULL,
  key {text} NOT NULL,
  begins_at {time} NOT NULL,
  n {int} NOT NULL,
  PRIMARY KEY (street, key, begins_at)
) {strict};

-- What people said to which version of the notice on personal information.
CREATE TABLE consent (
  street {id} NOT NULL,
  id {id} NOT NULL,
  seq {int} NOT NULL,
  state {json} NOT NULL,
  person {id} NOT NULL,
  version {text} NOT NULL,
  given {bool} NOT NULL,
  PRIMARY KEY (street, id)
) {strict};
CREATE UNIQUE INDEX consent_person ON consent (street, person);

-- Requests about the own information.
CREATE TABLE info_request (
  street {id} NOT NULL,
  id {id} NOT NULL,
  seq {int} NOT NULL,
  state {json} NOT NULL,
  person {id} NOT NULL,
  wish {text} NOT NULL,
  status {text} NOT NULL,
  due_on {text} NOT NULL,
  PRIMARY KEY (street, id)
) {strict};
CREATE INDEX info_request_open ON info_request (street, status, due_on);
CREATE INDEX info_request_person ON info_request (street, person);

-- The list of deletion.
CREATE TABLE past (
  street {id} NOT NULL,
  id {id} NOT NULL,
  seq {int} NOT NULL,
  state {json} NOT NULL,
  person {id} NOT NULL,
  status {text} NOT NULL,
  PRIMARY KEY (street, id)
) {strict};
CREATE INDEX past_person ON past (street, person, status);
