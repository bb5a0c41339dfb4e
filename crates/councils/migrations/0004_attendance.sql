-- Who comes in the place of a member.
CREATE TABLE sitting_delegate (
  street {id} NOT NULL,
  sitting {id} NOT NULL,
  member {id} NOT NULL,
  person {id} NOT NULL,
  PRIMARY KEY (street, sitting, member)
) {strict};
CREATE INDEX sitting_delegate_person ON sitting_delegate (street, person);
