-- The place tree. `path` is the chain of codes; the leading key is the street itself.
CREATE TABLE place (
  street {id} NOT NULL,
  id {id} NOT NULL,
  seq {int} NOT NULL,
  state {json} NOT NULL,
  path {text} NOT NULL,
  parent {text} NOT NULL,
  kind {text} NOT NULL,
  name {text} NOT NULL,
  short_code {text},
  lat {int},
  lon {int},
  active {bool} NOT NULL,
  PRIMARY KEY (street, id)
) {strict};
CREATE UNIQUE INDEX place_path ON place (street, path);
CREATE UNIQUE INDEX place_short ON place (street, short_code);
CREATE INDEX place_parent ON place (street, parent);
CREATE INDEX place_near ON place (street, lat);

-- Grids lie across the tree: a grid is a set of places of one community.
CREATE TABLE grid (
  street {id} NOT NULL,
  id {id} NOT NULL,
  seq {int} NOT NULL,
  state {json} NOT NULL,
  community {text} NOT NULL,
  code {text} NOT NULL,
  active {bool} NOT NULL,
  PRIMARY KEY (street, id)
) {strict};
CREATE UNIQUE INDEX grid_code ON grid (street, community, code) WHERE active;

CREATE TABLE grid_place (
  street {id} NOT NULL,
  grid {id} NOT NULL,
  place {text} NOT NULL,
  PRIMARY KEY (street, grid, place)
) {strict};
CREATE UNIQUE INDEX grid_place_once ON grid_place (street, place);
